#include "core/mail/line_class.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/mail/html_text.h"
#include "core/mail/line_walk.h"
#include "core/mail/sighted_text.h"
#include "core/mail/text_origin.h"

namespace mailrota::mail {
namespace {

constexpr std::size_t most_lines = 400'000;  // bounds what the classes take
constexpr std::uint64_t steps_per_byte = 64;

// All of it in one piece, fresh.
void give_up(ClassifiedText& text) {
    text.gave_up = true;
    if (text.utf8.empty()) return;
    const std::size_t size =
        std::min<std::size_t>(text.utf8.size() - 1, std::numeric_limits<std::uint32_t>::max());
    text.lines = {{0, static_cast<std::uint32_t>(size), LineClass::fresh, 0, "too much text to tell"}};
}

}  // namespace

std::string_view to_string(LineClass of) {
    switch (of) {
        case LineClass::fresh:
            return "new";
        case LineClass::quoted:
            return "quoted";
        case LineClass::forwarded:
            return "forwarded";
        case LineClass::signature:
            return "signature";
    }
    return "";
}

std::string_view ClassifiedText::text_of(const ClassifiedLine& line) const {
    return std::string_view(utf8).substr(line.begin, line.size);
}

std::string ClassifiedText::text_of(LineClass wanted) const {
    std::string text;
    for (const ClassifiedLine& line : lines) {
        if (line.of == wanted) text.append(text_of(line)) += '\n';
    }
    return text;
}

bool ClassifiedText::has_history() const {
    return std::ranges::any_of(lines, [](const ClassifiedLine& line) {
        const bool old = line.of == LineClass::quoted || line.of == LineClass::forwarded;
        return old && line.why != marks_why && line.why != "empty line";
    });
}

ClassifiedText classify_text(std::string utf8, const TextOrigin& origin, const TextHints& hints,
                             std::uint64_t budget) {
    ClassifiedText text;
    text.from_html = origin.from_html;
    if (!utf8.empty() && utf8.back() != '\n') utf8 += '\n';
    text.utf8 = std::move(utf8);
    if (text.utf8.size() >= std::numeric_limits<std::uint32_t>::max()) {
        give_up(text);
        return text;
    }
    const SightedText sighted(text.utf8, origin.html, origin.stuffed, most_lines);
    if (!sighted.complete()) {
        give_up(text);
        return text;
    }
    const std::uint64_t steps = budget > 0 ? budget : text.utf8.size() * steps_per_byte;
    text.lines = LineWalk(sighted, hints, origin.flowed, origin.from_html).run(steps);
    if (text.lines.empty() && !text.utf8.empty()) give_up(text);
    return text;
}

ClassifiedText classify_plain(std::string text, const TextHints& hints, std::uint64_t budget) {
    return classify_text(std::move(text), {}, hints, budget);
}

ClassifiedText classify_html(std::string_view html, const TextHints& hints, std::uint64_t budget) {
    TextOrigin origin;
    origin.from_html = true;
    HtmlText text = html_text(html, origin.html);
    ClassifiedText classified = classify_text(std::move(text.utf8), origin, hints, budget);
    classified.truncated = text.truncated;
    return classified;
}

}  // namespace mailrota::mail
