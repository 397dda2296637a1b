#include "core/store/sql_text.h"

#include <algorithm>
#include <bit>

namespace mailrota::store {

std::vector<Chunk> chunks(std::size_t total) {
    std::vector<Chunk> runs;
    for (std::size_t first = 0; first < total;) {
        const std::size_t count = std::min<std::size_t>(64, std::bit_floor(total - first));
        runs.push_back({first, count});
        first += count;
    }
    return runs;
}

std::string placeholders(std::size_t first, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += (i ? ", $" : "$") + std::to_string(first + i);
    return text;
}

std::string placeholder_rows(std::size_t rows, std::size_t columns) {
    std::string text;
    for (std::size_t i = 0; i < rows; ++i)
        text += (i ? ", (" : "(") + placeholders(i * columns + 1, columns) + ")";
    return text;
}

std::int64_t to_limit(std::size_t count) {
    return static_cast<std::int64_t>(std::min<std::size_t>(count, INT64_MAX));
}

std::string_view without_brackets(std::string_view id) {
    if (id.size() < 2 || id.front() != '<' || id.back() != '>') return id;
    return id.substr(1, id.size() - 2);
}

}  // namespace mailrota::store
