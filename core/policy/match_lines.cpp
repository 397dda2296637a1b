#include "core/policy/match_lines.h"

#include <algorithm>

namespace mailrota::policy {
namespace {

void add_line(Match& match, std::string_view line) {
    line = line.substr(0, match_line_most);
    const bool blank = line.find_first_not_of(" \t\r") == std::string_view::npos;
    if (blank || match.lines.size() == match_lines_most) return;
    if (std::ranges::find(match.lines, line) == match.lines.end()) match.lines.emplace_back(line);
}

}  // namespace

void add_lines(Match& match, std::string_view text) {
    if (match.begin == match.end) return;
    const auto before = text.substr(0, match.begin).rfind('\n');
    text = text.substr(before == std::string_view::npos ? 0 : before + 1);
    auto size = match.end - (before == std::string_view::npos ? 0 : before + 1);
    while (size > 0 && match.lines.size() < match_lines_most) {
        const auto line = text.substr(0, text.find('\n'));
        add_line(match, line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
        const auto taken = std::min(line.size() + 1, size);
        size -= taken;
        text.remove_prefix(std::min(taken, text.size()));
    }
}

void add_finds(Match& whole, Match& part) {
    whole.captures.merge(part.captures);
    for (const auto& line : part.lines) add_line(whole, line);
}

}  // namespace mailrota::policy
