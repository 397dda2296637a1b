#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailrota::config {

// Why a text is not given to the TOML parser at all.
struct TextFault {
    std::uint32_t line = 0;
    std::string text;
    std::string hint;
};

// Longest configuration that is read.
inline constexpr std::size_t longest_text = std::size_t{32} << 20;
// Most brackets that may stand inside each other, and most parts of one dotted key. toml++ limits the first
// to 256 and the second not at all, and frees its tables by recursion.
inline constexpr int deepest_brackets = 48;
inline constexpr int most_key_parts = 16;

// Looks for what would hurt the parser: size, NUL bytes, nesting. Strings and comments are understood,
// nothing else is.
std::optional<TextFault> check_text(std::string_view text);

}  // namespace mailrota::config
