#pragma once

#include <optional>
#include <string_view>

#include "core/mail/history_words.h"

namespace mailrota::mail {

class SightedText;

// A line such as "*Gesendet:* Montag, 6. März 2017".
struct LabelLine {
    Label label;
    std::string_view value;
};
std::optional<LabelLine> read_label(std::string_view content);

// Whether a line has the form of data, "Word: value", whatever the word.
bool looks_like_label(std::string_view content);

// A run of lines that begin with labels of a mail's header.
struct EmbeddedHeader {
    std::size_t end = 0;       // the line behind it
    unsigned parts = 0;        // different ones in the language that has most
    bool evidence = false;     // an address or a date is in one
    bool from = false;         // the sender is among them
    std::string_view why;      // names the language
    std::string_view subject;  // the value

    // A header for certain: three parts of one language, with an address or a date.
    bool certain() const { return parts >= 3 && evidence; }
};
// The run that begins in `line`; folded values count to it, and single empty lines between labels.
EmbeddedHeader read_embedded_header(const SightedText& text, std::size_t line);

}  // namespace mailrota::mail
