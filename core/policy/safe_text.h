#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mailrota::policy {

// What may stand in a header, a reply or a log line, whatever bytes a stranger's mail brought. All of it is
// valid UTF-8.

inline constexpr std::size_t header_value_most = 8'000;  // bytes
inline constexpr std::size_t reply_line_most = 400;      // bytes
inline constexpr std::size_t reply_lines_most = 32;      // libmilter takes no more

// Control characters (CR, LF and NUL with them) become blanks, bytes that are no UTF-8 become "?".
std::string without_controls(std::string_view text);

// The same in one line: runs of blanks (no-break spaces too) are one blank, none at the ends.
std::string single_spaced(std::string_view text);

// Well-formed UTF-8 cut to at most `most` bytes, between characters.
std::string_view cut_text(std::string_view text, std::size_t most);

// One header value: without_controls, at most `header_value_most` bytes, cut between characters.
std::string header_text(std::string_view text);

// One reply text in ASCII: every other character is "?". LF still parts lines, each at most `reply_line_most`
// bytes.
std::string reply_text(std::string_view text);

// In double quotes for a person to read, at most `most` bytes of it, "…" where it was cut.
std::string quoted(std::string_view text, std::size_t most = 80);

}  // namespace mailrota::policy
