#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailrota::mail {

// Who speaks in a line of a mail's text.
enum class LineClass : std::uint8_t {
    fresh,      // whoever wrote this mail, or the machine that made it
    quoted,     // what an earlier mail said, with the line that introduces it (attribution, header block)
    forwarded,  // what somebody passes on, with the line or header block that introduces it
    signature,  // name, company and device lines, disclaimers
};
std::string_view to_string(LineClass of);  // "new", "quoted", "forwarded", "signature": what people read

// One line of a ClassifiedText.
struct ClassifiedLine {
    std::uint32_t begin = 0;  // byte in the text
    std::uint32_t size = 0;   // bytes without the line end
    LineClass of = LineClass::fresh;
    std::uint8_t level = 0;  // of quoting or forwarding: 1 the mail answered, 2 the one before it; 0 if fresh
    std::string_view why;  // static text: "> prefix", "header block (German)", "below -----Original Message"

    bool operator==(const ClassifiedLine&) const = default;
};

// A decoded text with the class of every line. Nothing is deleted.
struct ClassifiedText {
    std::string utf8;  // lines end in LF, the last one too; format=flowed joined
    std::vector<ClassifiedLine> lines;
    bool from_html = false;
    bool gave_up = false;    // the budget of work ended: one piece for all lines, fresh
    bool truncated = false;  // there is more text that was not decoded

    std::string_view text_of(const ClassifiedLine& line) const;
    // The lines of one class, each with LF, in order.
    std::string text_of(LineClass wanted) const;
    // Whether something shows that a person answers or passes on: an attribution, a header block, a
    // separator.
    bool has_history() const;
};

// What is known of the mail beside its text.
struct TextHints {
    bool reply_subject = false;    // "Re:", "AW:" …
    bool forward_subject = false;  // "Fwd:", "WG:" …
    bool machine = false;          // Auto-Submitted: auto-generated, Precedence: bulk, List-Id and the like
    bool answers = false;          // In-Reply-To or References: of machines, too; weak
};

// Classifies the lines of a plain text (lines end in LF). Fails open: without an attribution, a separator or
// a header block nothing is quoted but runs of ">" lines between or below other text, and never in the text
// of a machine without other evidence; rulers, "--", prompts and log excerpts are fresh. Linear in the text;
// after `budget` bytes looked at (0: by the size of the text), or if it has more than 400,000 lines, all is
// fresh. Pure, thread-safe. Never fails.
ClassifiedText classify_plain(std::string text, const TextHints& hints, std::uint64_t budget = 0);

// The same of an HTML document (well-formed UTF-8), decided on its elements; the text is html_text()'s.
ClassifiedText classify_html(std::string_view html, const TextHints& hints, std::uint64_t budget = 0);

}  // namespace mailrota::mail
