#pragma once

#include "core/providers/telephone.h"
#include "core/runtime/contact_step.h"

namespace mailrota::runtime {

// The request that makes the call or sends the SMS of a step Do::send, to be sent by its account. What is
// said stands in the request itself if all of it fits, or if we cannot be reached; else the account fetches
// it. With job.plain no URL of ours is named. Pure.
providers::HttpRequest contact_request(const Telephones& telephones, const providers::Telephone& telephone,
                                       const ContactStep& step, const ContactJob& job);

}  // namespace mailrota::runtime
