#pragma once

#include <string>

#include "core/mail/line_class.h"

namespace mailrota::mail {

// The classes of all lines, a letter each: N(ew), Q(uoted), F(orwarded), S(ignature).
inline std::string letters(const ClassifiedText& text) {
    std::string all;
    for (const ClassifiedLine& line : text.lines) all += "NQFS"[static_cast<std::size_t>(line.of)];
    return all;
}

inline std::string letters(const std::string& text, const TextHints& hints = {}) {
    return letters(classify_plain(text, hints));
}

// Hints of an answer that a person wrote, of one passed on, and of a machine's mail.
inline TextHints answer() { return {.reply_subject = true, .answers = true}; }
inline TextHints passed_on() { return {.forward_subject = true}; }
inline TextHints machine() { return {.machine = true, .answers = true}; }

}  // namespace mailrota::mail
