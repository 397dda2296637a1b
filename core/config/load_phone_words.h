#pragma once

#include <string>
#include <string_view>

#include "core/config/toml_reader.h"

namespace mailrota::config {

// Whether a text is a telephone number as it is dialled: "+" and 7 to 15 digits, of which the first is no 0
// (E.164).
bool is_phone_number(std::string_view text);

// What telephones, members and [calls] write alike. Each reads one key; what is wrong is told, and read as
// nothing: the empty text.
std::string load_phone_number(const Section& section, std::string_view key);
// A tag such as "de" or "de-DE".
std::string load_language(const Section& section);
// A voice of the provider's, such as "Polly.Joanna-Neural".
std::string load_voice(const Section& section);

}  // namespace mailrota::config
