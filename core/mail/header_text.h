#pragma once

#include <string>
#include <string_view>

namespace mailrota::mail {

// A header's raw value on one line: line ends dropped, outer blanks trimmed, all else as it is, not decoded.
std::string unfold_header(std::string_view raw);

// A header's raw value as a person reads it: unfolded, encoded words (RFC 2047) opened, outer blanks trimmed.
// Always UTF-8, and never a line break or NUL, whatever an encoded word hides.
std::string decode_header(std::string_view raw);

// ASCII letters compared without case, as header names are.
bool same_name(std::string_view left, std::string_view right);

}  // namespace mailrota::mail
