#include "core/mail/sighted_text.h"

#include <algorithm>

#include "core/mail/folded_text.h"

namespace mailrota::mail {
namespace {

constexpr std::uint8_t deepest = 255;

// Counts the quote marks at the start of a line, and one blank behind them.
void sight_marks(std::string_view line, SightedLine& sight) {
    std::size_t at = line.starts_with(" >") ? 1 : 0;
    unsigned depth = 0;
    while (at < line.size() && line[at] == '>') {
        depth += depth < deepest ? 1U : 0U;
        ++at;
        if (at + 1 < line.size() && line[at] == ' ' && line[at + 1] == '>') ++at;
    }
    if (depth == 0) return;
    if (at < line.size() && line[at] == ' ') ++at;
    sight.content = static_cast<std::uint32_t>(at);
    sight.marks = sight.depth = static_cast<std::uint8_t>(depth);
}

bool is_blank(std::string_view text) {
    if (text.empty()) return true;
    const auto first = static_cast<unsigned char>(text.front());
    return (first <= ' ' || first == 0xC2 || first == 0xE2) && trim_blanks(text).empty();
}

}  // namespace

SightedText::SightedText(std::string_view text, const std::vector<HtmlMark>& html,
                         const std::vector<std::size_t>& stuffed, std::size_t most_lines)
    : text_(text) {
    split(stuffed, most_lines);
    if (!html.empty()) add_elements(html);
}

void SightedText::split(const std::vector<std::size_t>& stuffed, std::size_t most_lines) {
    lines_.reserve(text_.size() / 40);
    auto next_stuffed = stuffed.begin();
    for (std::size_t begin = 0; begin < text_.size();) {
        complete_ = lines_.size() < most_lines;
        if (!complete_) return;
        const std::size_t end = std::min(text_.find('\n', begin), text_.size());
        const std::string_view line = text_.substr(begin, end - begin);
        SightedLine sight;
        sight.begin = static_cast<std::uint32_t>(begin);
        sight.size = static_cast<std::uint32_t>(line.size());
        while (next_stuffed != stuffed.end() && *next_stuffed < begin) ++next_stuffed;
        const bool is_stuffed = next_stuffed != stuffed.end() && *next_stuffed == begin;
        // mbox writers put ">" before "From ", which is no quote.
        const bool escaped = line.starts_with(">From ") && (lines_.empty() || lines_.back().marks == 0);
        if ((line.starts_with('>') || line.starts_with(" >")) && !is_stuffed && !escaped && !closes_address())
            sight_marks(line, sight);
        sight.blank = is_blank(line.substr(sight.content));
        lines_.push_back(sight);
        begin = end + 1;
    }
}

// Of an attribution "NAME <", "mailto:…", "> wrote:" the ">" of the third line marks no quote.
bool SightedText::closes_address() const {
    if (lines_.size() < 2) return false;
    return content(lines_.size() - 1).starts_with("mailto:") && content(lines_.size() - 2).ends_with('<');
}

std::size_t SightedText::line_at(std::size_t byte) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(lines_, byte, {}, &SightedLine::begin) -
                                    lines_.begin());
}

void SightedText::add_elements(const std::vector<HtmlMark>& html) {
    struct Change {
        int depth = 0, certain = 0, signature = 0;
    };
    std::vector<Change> changes(lines_.size() + 1);
    for (const HtmlMark& mark : html) {
        const std::size_t first = line_at(mark.begin), behind = line_at(mark.end);
        const int signature = mark.kind == HtmlMark::Kind::signature ? 1 : 0;
        const int certain = mark.kind == HtmlMark::Kind::history ? 1 : 0;
        const auto add = [&](Change& change, int sign) {
            change.depth += sign * (1 - signature);
            change.certain += sign * certain;
            change.signature += sign * signature;
        };
        add(changes[first], 1);
        add(changes[behind], -1);
        if (signature == 0) openings_.push_back({first, mark.why});
    }
    std::ranges::stable_sort(openings_, {}, &Opening::line);
    Change now;
    const auto bounded = [](int value) {
        return static_cast<std::uint8_t>(std::clamp(value, 0, int{deepest}));
    };
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        now = {now.depth + changes[i].depth, now.certain + changes[i].certain,
               now.signature + changes[i].signature};
        SightedLine& line = lines_[i];
        line.depth = bounded(now.depth + line.marks);
        line.certain = bounded(now.certain);
        line.signature = now.signature > 0;
    }
}

std::string_view SightedText::line(std::size_t line) const {
    return text_.substr(lines_[line].begin, lines_[line].size);
}

std::string_view SightedText::content(std::size_t line) const {
    return trim_blanks(this->line(line).substr(lines_[line].content));
}

std::size_t SightedText::next_words(std::size_t line) const {
    while (line < lines_.size() && lines_[line].blank) ++line;
    return line;
}

std::string_view SightedText::why_deeper(std::size_t line) const {
    if (lines_[line].marks > 0) return marks_why;
    const auto behind = std::ranges::upper_bound(openings_, line, {}, &Opening::line);
    return behind == openings_.begin() ? "in a quoting element" : (behind - 1)->why;
}

}  // namespace mailrota::mail
