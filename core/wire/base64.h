#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mailrota::wire {

// The bytes that `text` stands for (RFC 4648 section 4): padded to fours, no blanks or line breaks. Nothing
// if it is not that.
std::optional<std::string> decode_base64(std::string_view text);

// The reverse, padded and without line breaks.
std::string encode_base64(std::string_view bytes);

}  // namespace mailrota::wire
