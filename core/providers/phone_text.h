#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mailrota::providers {

// The character that `text` (not empty) begins with, as it stands there: 1 to 4 bytes. Empty: its first byte
// begins no character of UTF-8.
std::string_view first_character(std::string_view text);

// `text` as it can be said and written whatever a stranger's mail brought: control characters and every kind
// of blank as one blank, none at the ends; marks of direction, other invisible characters, what XML cannot
// hold and what is no UTF-8 left out. At most `most` characters of it.
std::string clean_text(std::string_view text, std::size_t most);

// At most so many characters of `text` (UTF-8), ending with a whole word unless that word is longer than
// words are.
std::string_view cut_at_word(std::string_view text, std::size_t most);

}  // namespace mailrota::providers
