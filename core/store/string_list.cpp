#include "core/store/string_list.h"

#include <charconv>

namespace mailrota::store {

std::string join_strings(const std::vector<std::string>& strings) {
    std::string text;
    for (const std::string& string : strings) text += std::to_string(string.size()) + ":" + string + ",";
    return text;
}

std::optional<std::vector<std::string>> split_strings(std::string_view text) {
    std::vector<std::string> strings;
    while (!text.empty()) {
        std::size_t size = 0;
        const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), size);
        const auto digits = static_cast<std::size_t>(end - text.data());
        if (fault != std::errc() || digits + 1 >= text.size() || text[digits] != ':') return std::nullopt;
        text.remove_prefix(digits + 1);
        if (size >= text.size() || text[size] != ',') return std::nullopt;
        strings.emplace_back(text.substr(0, size));
        text.remove_prefix(size + 1);
    }
    return strings;
}

}  // namespace mailrota::store
