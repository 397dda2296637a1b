#include "core/mail/line_walk.h"

#include <algorithm>

#include "core/mail/embedded_header.h"

namespace mailrota::mail {
namespace {

std::uint8_t next_level(std::uint8_t level) {
    return level < 255 ? static_cast<std::uint8_t>(level + 1) : level;
}

}  // namespace

LineWalk::LineWalk(const SightedText& text, const TextHints& hints, bool flowed, bool html)
    : text_(text), hints_(hints), flowed_(flowed), html_(html), lines_(text.size()), voices_(1) {}

std::vector<ClassifiedLine> LineWalk::run(std::uint64_t budget) {
    std::uint64_t spent = 0;
    for (std::size_t line = 0; line < text_.size();) {
        const std::size_t before = line;
        step(line);
        for (std::size_t done = before; done < line; ++done) spent += text_[done].size + 1;
        if (spent > budget) return {};
    }
    fill_blank_lines();
    fail_open();
    return std::move(lines_);
}

void LineWalk::step(std::size_t& line) {
    if (text_[line].blank) {
        put(line, Voice{});
        ++line;
        return;
    }
    enter(line);
    if (line >= no_quote_until_ && introduce(line)) return;
    if (!sign(line)) put(line, voice());
    voice().begun = true;
    ++line;
}

void LineWalk::put(std::size_t line, const Voice& voice) {
    const SightedLine& sight = text_[line];
    lines_[line] = {sight.begin, sight.size, voice.of, voice.level, voice.why};
    if (!sight.blank && voice.of == LineClass::fresh) ++fresh_;
}

// Follows the depth of quote marks and elements.
void LineWalk::enter(std::size_t line) {
    if (line < no_quote_until_) return;
    const std::size_t depth = text_[line].depth;
    if (depth + 1 <= voices_.size()) {
        voices_.resize(depth + 1);
        introduced_.reset();
        return;
    }
    if (!is_quote(line)) {
        no_quote_until_ = run_end(line);
        return;
    }
    signature_.reset();
    while (voices_.size() < depth + 1) {
        if (introduced_) {
            voices_.push_back(*introduced_);
            introduced_.reset();
            continue;
        }
        const Voice& outer = voice();
        Voice quoted{LineClass::quoted, 1, text_.why_deeper(line), {}, false, false};
        if (outer.of == LineClass::quoted) quoted.level = next_level(outer.level);
        voices_.push_back(quoted);
    }
}

// Whether deeper lines are a quote; else they are a prompt, a diff or the like.
bool LineWalk::is_quote(std::size_t line) const {
    if (text_[line].certain > 0 || in_history() || introduced_ || proven_) return true;
    if (flowed_ && text_[line].marks > 0) return true;
    if (answers() && !hints_.machine) return true;
    const std::size_t end = run_end(line);
    std::size_t words = 0;
    for (std::size_t at = line; at < end; ++at) words += text_[at].blank ? 0U : 1U;
    if (has_mark(line, end)) return true;
    const bool several = words >= 2 && text_[line].marks > 0;
    if (hints_.machine) return hints_.reply_subject && several;
    return several && (fresh_ > 0 || text_.next_words(end) < text_.size());
}

std::size_t LineWalk::run_end(std::size_t line) const {
    const std::size_t depth = voices_.size() - 1;
    while (line < text_.size() && (text_[line].blank || text_[line].depth > depth)) ++line;
    return line;
}

// Whether one of the first lines introduces something for certain.
bool LineWalk::has_mark(std::size_t begin, std::size_t end) const {
    constexpr std::size_t most_lines = 40;
    std::size_t no_header_until = 0;
    for (std::size_t line = begin; line < std::min(end, begin + most_lines); ++line) {
        if (text_[line].blank) continue;
        const auto mark = find_history_mark(text_, line, no_header_until);
        if (!mark) continue;
        if (mark->kind != HistoryMark::Kind::attribution) return true;
        if (mark->attribution.kind == Attribution::Kind::certain) return true;
    }
    return false;
}

// Blank lines belong to what is around them.
void LineWalk::fill_blank_lines() {
    for (std::size_t line = 0; line < text_.size(); ++line) {
        if (!text_[line].blank) continue;
        const std::size_t next = text_.next_words(line);
        const bool first = line == 0, last = next == text_.size();
        if (first && last) return;
        const ClassifiedLine above = first ? lines_[next] : lines_[line - 1];
        const ClassifiedLine below = last ? above : lines_[next];
        const bool apart = above.of != below.of;
        const bool fresh = apart && (above.of == LineClass::fresh || below.of == LineClass::fresh);
        for (; line < next; ++line) {
            lines_[line].of = fresh ? LineClass::fresh : above.of;
            lines_[line].level = fresh   ? std::uint8_t{0}
                                 : apart ? above.level
                                         : std::min(above.level, below.level);
            lines_[line].why = "empty line";
        }
        --line;
    }
}

// A mail in which everything would be quoted, and which does not seem to be a person's answer, says what it
// says.
void LineWalk::fail_open() {
    if (answers()) return;
    const auto speaks = [](const ClassifiedLine& line) {
        return line.size > 0 && line.of != LineClass::quoted;
    };
    for (std::size_t line = 0; line < text_.size(); ++line)
        if (!text_[line].blank && speaks(lines_[line])) return;
    for (ClassifiedLine& line : lines_) {
        line.of = LineClass::fresh;
        line.level = 0;
        line.why = "all would be quoted";
    }
}

}  // namespace mailrota::mail
