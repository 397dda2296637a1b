#pragma once

#include <string>
#include <string_view>

#include "core/providers/hook_pieces.h"
#include "core/providers/webhook.h"

namespace mailrota::providers {

// Mailgun's form posts of before 2018 (application/x-www-form-urlencoded). A mail's own variables stand among
// the fields: of one name the first is the event's, but the last for timestamp, token and signature.
Result<HookNews> read_mailgun_form(std::string_view body);

// The last field of that name; empty if there is none.
std::string_view last_field(const FormFields& fields, std::string_view name);

// A message id in its angle brackets, which Mailgun's events leave off and its answers do not.
std::string in_angles(std::string id);

}  // namespace mailrota::providers
