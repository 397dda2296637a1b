#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

// What the readers of hours, dates and durations share. Internal to them.
namespace mailrota::policy {

// Without the blanks at both ends.
std::string_view trimmed(std::string_view text);

// Exactly `text` as a number of `least` to `most` decimal digits (at most nine), and nothing else.
std::optional<int> digits(std::string_view text, std::size_t least, std::size_t most);

}  // namespace mailrota::policy
