#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/policy/evaluate.h"

namespace mailrota::policy {

// The values of a field of this mail; `recipient` only for Field::rcpt. Decodes only what the field needs.
Values gather(const Seen& seen, Field field, std::string_view header_name, const mail::Address* recipient);

// What one matcher says of one value of that field.
Match match_value(const Matcher& matcher, Field field, std::string_view value);

// Whether a test of this field needs header or body, or the body.
bool is_content(Field field);
bool is_body(Field field);
// Whether its values are envelope addresses, compared by Address::key().
bool is_address(Field field);

}  // namespace mailrota::policy
