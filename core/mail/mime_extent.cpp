#include "core/mail/mime_extent.h"

#include <algorithm>

namespace mailrota::mail {
namespace {

constexpr std::size_t delimiter_cost = 50;
constexpr std::size_t field_cost = 20;

bool is_empty(std::string_view line) { return line.empty() || line == "\r"; }

// What one line costs; `in_header` says if it may belong to a part's header, and is kept up to date.
std::size_t line_cost(std::string_view line, bool& in_header) {
    if (line.starts_with("--")) {
        in_header = true;
        return delimiter_cost;
    }
    if (!in_header) {
        return 0;
    }
    if (is_empty(line)) {
        in_header = false;
        return 0;
    }
    const bool counts =
        line.front() == ' ' || line.front() == '\t' || line.find(':') != std::string_view::npos;
    return counts ? line.size() + field_cost : 0;
}

}  // namespace

std::size_t mime_extent(std::string_view body, std::size_t& budget) {
    bool in_header = true;
    std::size_t start = 0;
    while (start < body.size()) {
        const std::size_t end = std::min(body.find('\n', start), body.size());
        const std::size_t cost = line_cost(body.substr(start, end - start), in_header);
        if (cost > budget) {
            return start;
        }
        budget -= cost;
        start = end + 1;
    }
    return body.size();
}

}  // namespace mailrota::mail
