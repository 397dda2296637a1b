#pragma once

#include <string>
#include <string_view>

namespace mailrota::mail {

// Joins the lines of a text/plain; format=flowed (RFC 3676) into the paragraphs that its author wrote. Quote
// marks stay at the start of a joined line. `delete_space`: the part said DelSp=yes. Lines of `text` end in
// LF.
std::string unflow(std::string_view text, bool delete_space);

}  // namespace mailrota::mail
