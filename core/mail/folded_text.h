#pragma once

#include <string>
#include <string_view>

namespace mailrota::mail {

// Words made comparable: Latin, Greek and Cyrillic letters small, runs of blanks (no-break and full-width
// ones, too) one space, no blanks around; typographic apostrophes, colons and brackets as in ASCII.
// `utf8` is well-formed.
std::string fold_text(std::string_view utf8);

// Without blanks, tabs and no-break spaces at both ends.
std::string_view trim_blanks(std::string_view text);

// Without the marks at both ends that clients put around lines: blanks, "*", "_", "-", ">".
std::string_view trim_marks(std::string_view text);

// Whether something like "ann@example.com" is in it.
bool has_address(std::string_view text);

// Whether a day is named in digits: "06.03.2017", "2017-03-06", "6 mar. 2017", "March 6". A time of day or
// a year alone is none.
bool has_date(std::string_view text);

}  // namespace mailrota::mail
