#include <algorithm>

#include "core/mail/embedded_header.h"
#include "core/mail/folded_text.h"
#include "core/mail/line_walk.h"
#include "core/mail/text_hints.h"

namespace mailrota::mail {
namespace {

std::string_view why_below(const HistoryMark& mark) {
    if (mark.kind == HistoryMark::Kind::attribution) return "below an attribution";
    return mark.kind == HistoryMark::Kind::header ? "below a header block" : mark.why;
}

using OddPrefix = bool (*)(std::string_view);

bool is_barred(std::string_view line) {
    return line.starts_with('|') && !trim_blanks(line.substr(1)).ends_with('|');
}
bool is_coloned(std::string_view line) { return line.starts_with(": "); }
bool is_indented(std::string_view line) { return line.starts_with("    ") || line.starts_with('\t'); }
bool is_initialled(std::string_view line) {
    const std::size_t sign = line.substr(0, 6).find('>');
    return sign != std::string_view::npos && sign > 0 && sign <= 4 &&
           std::ranges::all_of(line.substr(0, sign),
                               [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
}

}  // namespace

bool LineWalk::introduce(std::size_t& line) {
    const auto mark = find_history_mark(text_, line, no_header_until_);
    if (!mark || !counts(*mark)) return false;
    const std::size_t begin = std::max(mark->begin, introduced_until_);
    // The first lines of an attribution have been put already.
    for (std::size_t at = begin; at < line; ++at)
        if (!text_[at].blank && lines_[at].of == LineClass::fresh) --fresh_;
    signature_.reset();
    const Voice voice = voice_of(*mark);
    Voice introducing = voice;
    introducing.why = mark->why;
    for (std::size_t at = begin; at < mark->end; ++at) put(at, introducing);
    begin_below(*mark, voice, line);
    return true;
}

// Whether a mark is to be believed here.
bool LineWalk::counts(const HistoryMark& mark) const {
    if (mark.kind == HistoryMark::Kind::attribution) return counts(mark.attribution, mark.end);
    if (mark.kind == HistoryMark::Kind::separator || in_history()) return true;
    if (answers() || hints_.forward_subject) return true;
    return !(hints_.machine && fresh_ == 0) && !is_data(mark);
}

// A header block among other lines "Word: value" is the data of a program.
bool LineWalk::is_data(const HistoryMark& mark) const {
    const auto is_value = [&](std::size_t line) {
        return line < text_.size() && !text_[line].blank && looks_like_label(text_.content(line));
    };
    if (mark.begin > 0 && is_value(mark.begin - 1)) return true;
    return !html_ && is_value(mark.end);
}

bool LineWalk::counts(const Attribution& attribution, std::size_t end) const {
    const std::size_t next = text_.next_words(end), here = text_[end - 1].depth;
    const bool ends = next >= text_.size();
    const std::string_view below = ends ? std::string_view{} : text_.line(next).substr(text_[next].content);
    const bool quote =
        !ends && (text_[next].depth > here || is_barred(below) || is_coloned(below) || is_initialled(below));
    const bool by_machine = hints_.machine && !hints_.reply_subject && !in_history();
    switch (attribution.kind) {
        case Attribution::Kind::none:
            return false;
        case Attribution::Kind::verb:
            return quote && (!by_machine || attribution.address);
        case Attribution::Kind::dated:
            return quote || in_history() || just_entered() || answers();
        case Attribution::Kind::certain:
            return quote || !by_machine || attribution.address ||
                   (attribution.opened && attribution.names > 1);
    }
    return false;
}

// What an ambiguous mark means below this voice.
bool LineWalk::passes_on(const Voice& around) const {
    if (around.of == LineClass::quoted) return false;
    if (around.of == LineClass::forwarded) return around.subject == SubjectPrefix::forward;
    if (hints_.forward_subject) return true;
    return fresh_ == 0 && !hints_.reply_subject && !hints_.machine;
}

LineWalk::Voice LineWalk::voice_of(const HistoryMark& mark) const {
    // What stands first behind quote marks or in an element tells what these are.
    if (just_entered() && voice().introduced && mark.kind != HistoryMark::Kind::attribution) {
        Voice same = voice();
        same.subject = subject_prefix(mark.subject);
        return same;
    }
    const Voice& around = just_entered() ? voices_[voices_.size() - 2] : voice();
    const bool in_marks = just_entered() && text_[mark.begin].marks > 0 && hints_.reply_subject;
    bool forward = mark.forward && around.of != LineClass::quoted && !in_marks;
    if (mark.kind != HistoryMark::Kind::attribution && !mark.forward) forward = passes_on(around);
    Voice below{forward ? LineClass::forwarded : LineClass::quoted,
                1,
                why_below(mark),
                subject_prefix(mark.subject),
                true,
                false};
    if (around.of == below.of)
        below.level = around.level < 255 ? static_cast<std::uint8_t>(around.level + 1) : 255;
    return below;
}

void LineWalk::begin_below(const HistoryMark& mark, Voice below, std::size_t& line) {
    const bool entered = just_entered();
    proven_ = true;
    introduced_until_ = line = mark.end;
    voice().begun = true;
    const std::size_t next = text_.next_words(mark.end);
    if (next >= text_.size()) return;
    const std::size_t here = text_[mark.begin].depth, there = text_[next].depth;
    const bool deeper = there > here && !mark.header;
    if (deeper) introduced_ = below;
    if (deeper && !entered) return;
    below.begun = true;
    if (there < here || (there == here && !mark.header && put_odd_quote(next, below, line))) return;
    voice() = below;
}

// Quotes with another mark than ">"; they end where the mark does.
bool LineWalk::put_odd_quote(std::size_t begin, const Voice& voice, std::size_t& line) {
    const auto words = [&](std::size_t at) { return text_.line(at).substr(text_[at].content); };
    OddPrefix prefix = nullptr;
    for (const OddPrefix one : {OddPrefix{is_barred}, OddPrefix{is_coloned}, OddPrefix{is_initialled}})
        if (one(words(begin))) prefix = one;
    if (prefix == nullptr && is_indented(words(begin))) {
        const std::size_t second = text_.next_words(begin + 1);
        if (second >= text_.size() || is_indented(words(second))) prefix = is_indented;
    }
    if (prefix == nullptr) return false;
    Voice quoted = voice;
    quoted.why = "prefix below an attribution";
    for (; line < text_.size() && (text_[line].blank || prefix(words(line))); ++line) {
        if (text_[line].blank)
            put(line, Voice{});
        else
            put(line, quoted);
    }
    return true;
}

}  // namespace mailrota::mail
