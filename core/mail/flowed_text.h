#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailrota::mail {

// Joins the lines of a text/plain; format=flowed (RFC 3676) into the paragraphs that its author wrote. Quote
// marks stay at the start of a joined line. `delete_space`: the part said DelSp=yes. Lines of `text` end in
// LF.
// `stuffed`, if given, gets the bytes of the result where a line begins with ">" that marks no quote (RFC
// 3676 4.4).
std::string unflow(std::string_view text, bool delete_space, std::vector<std::size_t>* stuffed = nullptr);

}  // namespace mailrota::mail
