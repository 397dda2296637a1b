#include "core/policy/pattern_source.h"

#include <fmt/format.h>

namespace mailrota::policy {
namespace {

bool PatternSource::*flag_of(char letter) {
    switch (letter) {
        case 'i':
            return &PatternSource::caseless;
        case 'm':
            return &PatternSource::multiline;
        case 's':
            return &PatternSource::dotall;
        case 'x':
            return &PatternSource::extended;
        case 'u':
            return &PatternSource::unicode;
        default:
            return nullptr;
    }
}

}  // namespace

Result<PatternSource> parse_pattern_source(std::string_view text) {
    const auto end = text.rfind('/');
    if (text.empty() || text.front() != '/' || end == 0) return invalid("a pattern is written /…/flags");
    PatternSource source;
    source.pattern = text.substr(1, end - 1);
    for (const char letter : text.substr(end + 1)) {
        const auto flag = flag_of(letter);
        if (!flag) return invalid(fmt::format("the flag \"{}\" is not one of i m s x u", letter));
        source.*flag = true;
    }
    return source;
}

}  // namespace mailrota::policy
