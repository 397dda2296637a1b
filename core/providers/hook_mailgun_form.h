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

// A message id without its angle brackets, which only some of Mailgun's texts have; so is the one kept that
// its answer to a mail gave.
std::string without_angles(std::string id);

}  // namespace mailrota::providers
