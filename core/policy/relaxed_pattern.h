#pragma once

#include <optional>
#include <string>

#include "core/policy/pattern_source.h"

namespace mailrota::policy {

// A pattern in the dialect that Hyperscan and PCRE2 agree on, which matches somewhere in every text in which
// `source` does, and perhaps in more. Nothing if that is not certain: then nobody may be spared the pattern.
//
// What is left out: ^ $ and \Z, whose line ends the two see differently (ours are LF, CRLF and CR); with the
// flag u also \b and \B, while \w \d and \s take any character beyond ASCII, since classes of Unicode are
// dear to compile there. Taken as they are: literals, classes, groups, alternatives, greedy and lazy
// quantifiers, \b \B \A \z, and look-arounds where there is nothing to be left out. Everything else, as back
// references, atomic groups, verbs, \K, \R and \p, gives nothing.
//
// With the flag u, Hyperscan's flag for UTF-8 is needed and the answer holds for an even_text() alone.
std::optional<std::string> relaxed_pattern(const PatternSource& source);

// Whether a text is well-formed UTF-8 of nothing but characters whose upper and lower case have been settled
// since long before the tables of either library: ASCII, Latin (below U+0340), Cyrillic (U+0400 to U+04FF),
// punctuation and currencies (U+2000 to U+20FF), symbols (U+2500 to U+2BFF), East Asian (U+3000 to U+9FFF)
// and pictographs (U+1F000 to U+1FFFF).
bool even_text(std::string_view text);

}  // namespace mailrota::policy
