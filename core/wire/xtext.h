#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mailrota::wire {

// The bytes that xtext (RFC 3461 section 4) stands for: "+3D" is '='. An equals sign as it is and bytes
// beyond ASCII are taken too. Nothing if a '+' has no two hexadecimal digits, or for blanks and controls.
std::optional<std::string> decode_xtext(std::string_view text);

// Any bytes as xtext.
std::string to_xtext(std::string_view bytes);

}  // namespace mailrota::wire
