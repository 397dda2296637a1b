#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/providers/phone_callback.h"

namespace mailrota::providers {

// `text` as it may stand anywhere in a URL or a form: every byte but letters, digits, "-", ".", "_" and "~"
// as
// "%XX" (RFC 3986 section 2.1).
std::string percent_encoded(std::string_view text);
// The reverse, "+" being a blank. Nothing if a "%" is not followed by two hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text);

// "To=%2B15550100&From=…" (application/x-www-form-urlencoded), in order.
std::string form_text(const Form& form);

}  // namespace mailrota::providers
