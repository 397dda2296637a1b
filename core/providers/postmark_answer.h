#pragma once

#include "core/providers/http.h"
#include "core/providers/outgoing.h"

namespace mailrota::providers {

// What Postmark's answer to POST /email came to. The numbers of its error codes collide with those of HTTP;
// where HTTP's own status says enough, it counts.
Answer read_postmark(const Outgoing& mail, const HttpAnswer& answer);

}  // namespace mailrota::providers
