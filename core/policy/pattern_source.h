#pragma once

#include <string_view>

#include "core/mail/result.h"

namespace mailrota::policy {

// What a person wrote as /…/flags, taken apart; a view into it.
struct PatternSource {
    std::string_view pattern;
    bool caseless = false;   // i
    bool multiline = false;  // m
    bool dotall = false;     // s
    bool extended = false;   // x
    bool unicode = false;    // u
};

// The error says what is wrong without repeating the text.
Result<PatternSource> parse_pattern_source(std::string_view text);

}  // namespace mailrota::policy
