#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/mail/html_marks.h"

namespace mailrota::mail {

// Why a line with quote marks is quoted.
inline constexpr std::string_view marks_why = "> prefix";

// One line as the classifier sees it.
struct SightedLine {
    std::uint32_t begin = 0;    // byte in the text
    std::uint32_t size = 0;     // without the line end
    std::uint32_t content = 0;  // byte in the line after its quote marks
    std::uint8_t depth = 0;     // quote marks and quoting elements around it
    std::uint8_t certain = 0;   // of these, elements that only mail clients make
    std::uint8_t marks = 0;     // of these, quote marks
    bool signature = false;     // in an element for signatures
    bool blank = false;
};

// The lines of a text that ends in LF, and how deep each is quoted by its outer form. References the text.
class SightedText {
  public:
    // `html`: elements of an HTML document. `stuffed`: bytes where a line begins with ">" that is no quote
    // mark (RFC 3676 4.4), ascending.
    SightedText(std::string_view text, const std::vector<HtmlMark>& html,
                const std::vector<std::size_t>& stuffed, std::size_t most_lines);

    // False if the text has more than `most_lines`.
    bool complete() const { return complete_; }
    std::size_t size() const { return lines_.size(); }
    const SightedLine& operator[](std::size_t line) const { return lines_[line]; }
    // Without quote marks and outer blanks.
    std::string_view content(std::size_t line) const;
    // The whole line.
    std::string_view line(std::size_t line) const;
    // The first line from there that is not blank; size() if there is none.
    std::size_t next_words(std::size_t line) const;
    // What made this line deeper than the one before.
    std::string_view why_deeper(std::size_t line) const;

  private:
    void split(const std::vector<std::size_t>& stuffed, std::size_t most_lines);
    void add_elements(const std::vector<HtmlMark>& html);
    bool closes_address() const;
    std::size_t line_at(std::size_t byte) const;

    struct Opening {
        std::size_t line;
        std::string_view why;
    };
    std::string_view text_;
    bool complete_ = true;
    std::vector<SightedLine> lines_;
    std::vector<Opening> openings_;  // by line
};

}  // namespace mailrota::mail
