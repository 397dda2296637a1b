#pragma once

#include <string>
#include <string_view>

namespace mailrota::mail {

// Joins neighbouring base64 words (RFC 2047) of one charset into one: `=?x?B?YQ==?= =?x?B?Yg==?=` becomes
// `=?x?B?YWI=?=`.
//
// GMime 3.2.13 decodes neighbours as one stream and stops at the first padding, so that all words but the
// first would be lost. Joined bytes also mend characters that a sender split between two words. `text` has no
// line breaks.
std::string join_base64_words(std::string_view text);

}  // namespace mailrota::mail
