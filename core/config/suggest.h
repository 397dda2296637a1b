#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailrota::config {

// How many insertions, deletions, replacements and swaps of neighbours turn `a` into `b`; ASCII case does not
// count, and '-' is '_'. At most 64 bytes of each are looked at.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate that `word` was probably meant to be: the nearest within a third of the word's length; of
// equals the first.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

// `did you mean "members"?`; without a near candidate `known: "a", "b"` if there are at most sixteen; else
// empty.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace mailrota::config
