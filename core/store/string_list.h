#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailrota::store {

// A list of strings in one column, as netstrings ("3:ann,3:ben,"): readable, and exact for every byte.
std::string join_strings(const std::vector<std::string>& strings);

// The list again; nothing if the text is not one.
std::optional<std::vector<std::string>> split_strings(std::string_view text);

}  // namespace mailrota::store
