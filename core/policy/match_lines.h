#pragma once

#include <string_view>

#include "core/policy/pattern.h"

namespace mailrota::policy {

// Gives a match the lines of this text that it touches, within the bounds of Match::lines.
void add_lines(Match& match, std::string_view text);

// Takes captures and lines of a part that said yes; of one name, the whole's capture stays.
void add_finds(Match& whole, Match& part);

}  // namespace mailrota::policy
