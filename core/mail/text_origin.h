#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/mail/html_marks.h"
#include "core/mail/line_class.h"

namespace mailrota::mail {

// What is known of the parts that a text was decoded from.
struct TextOrigin {
    std::vector<HtmlMark> html;        // by beginning; of documents
    std::vector<std::size_t> stuffed;  // bytes of ">" at the start of lines that mark no quote (RFC 3676 4.4)
    bool flowed = false;               // format=flowed: other ">" at the start of lines do
    bool from_html = false;
};

// As classify_plain, for a text of any origin.
ClassifiedText classify_text(std::string text, const TextOrigin& origin, const TextHints& hints,
                             std::uint64_t budget = 0);

}  // namespace mailrota::mail
