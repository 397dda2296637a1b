#define PCRE2_CODE_UNIT_WIDTH 8
#include "bench/plain_patterns.h"

#include <pcre2.h>

#include <stdexcept>

#include "core/mail/release.h"

namespace mailrota::bench {

namespace {

using mail::Release;
using Code = std::unique_ptr<pcre2_code, Release<pcre2_code_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, Release<pcre2_match_data_free>>;

std::uint32_t options_of(std::string_view flags) {
    std::uint32_t options = PCRE2_NEVER_BACKSLASH_C;
    for (const char flag : flags) {
        if (flag == 'i') options |= PCRE2_CASELESS;
        if (flag == 'm') options |= PCRE2_MULTILINE;
        if (flag == 'u') options |= PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF;
    }
    return options;
}

Code compiled(std::string_view text) {
    const std::size_t end = text.rfind('/');
    const std::string_view pattern = text.substr(1, end - 1);
    int error = 0;
    std::size_t offset = 0;
    Code code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                            options_of(text.substr(end + 1)), &error, &offset, nullptr));
    if (!code || pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE) != 0)
        throw std::runtime_error("PCRE2's JIT does not take " + std::string(text));
    return code;
}

}  // namespace

struct PlainPatterns::Compiled {
    bool on_subject;
    Code code;
    MatchData data;
};

PlainPatterns::PlainPatterns(const std::vector<RuleText>& rules) {
    for (const RuleText& rule : rules) {
        Code code = compiled(rule.pattern);
        MatchData data(pcre2_match_data_create_from_pattern(code.get(), nullptr));
        all_.push_back({rule.field == policy::Field::subject, std::move(code), std::move(data)});
    }
}

PlainPatterns::~PlainPatterns() = default;

std::size_t PlainPatterns::matches(std::string_view text, std::string_view subject) const {
    std::size_t found = 0;
    for (const Compiled& one : all_) {
        const std::string_view where = one.on_subject ? subject : text;
        const int result = pcre2_match(one.code.get(), reinterpret_cast<PCRE2_SPTR>(where.data()),
                                       where.size(), 0, 0, one.data.get(), nullptr);
        found += result >= 0 ? 1U : 0U;
    }
    return found;
}

}  // namespace mailrota::bench
