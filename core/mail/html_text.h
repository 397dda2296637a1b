#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/mail/html_marks.h"

namespace mailrota::mail {

// The words of an HTML document and whether all of it was read.
struct HtmlText {
    std::string utf8;        // lines end in LF; no blanks around lines; no scripts, styles, title or comments
    bool truncated = false;  // elements nested deeper than any mail needs: what follows was not read
};

// What a person reads in the document `utf8`, which must be well-formed UTF-8. Blocks, rows and <br> begin a
// line; cells are parted by a blank. Broken HTML is read as far as it goes. Nothing is fetched. Thread-safe.
HtmlText html_text(std::string_view utf8);
// The same, and the elements that tell what of it is old or a signature.
HtmlText html_text(std::string_view utf8, std::vector<HtmlMark>& marks);

}  // namespace mailrota::mail
