#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"

namespace mailrota::policy {

// Yes, no, or could not tell. `unknown` never falls through to a laxer rule.
enum class Answer { no, yes, unknown };

// Why it could not be told. `passing` may be known later (a list unreadable, a header not seen yet); `limit`
// never will.
enum class Doubt { none, passing, limit };

// Named groups of patterns that matched, for templates.
using Captures = std::map<std::string, std::string, std::less<>>;

// What matching one value gave.
struct Match {
    Answer answer = Answer::no;
    Doubt doubt = Doubt::none;  // other than none if and only if the answer is unknown
    std::string why;            // of a doubt: one phrase for the log
    Captures captures;
    // Bytes of the value that a pattern matched; an empty range where none did.
    std::size_t begin = 0;
    std::size_t end = 0;
    // The lines of the mail's text in which patterns matched, without line ends, each once; no blank ones.
    std::vector<std::string> lines{};
};
// What is kept of them.
inline constexpr std::size_t match_lines_most = 20;
inline constexpr std::size_t match_line_most = 1'000;  // bytes

// How much work one match may be (PCRE2 match limit, depth limit, heap limit in KiB).
struct PatternLimits {
    std::uint32_t match = 1'000'000;
    std::uint32_t depth = 10'000;
    std::uint32_t heap_kib = 20'000;
};

// One compiled PCRE2 pattern with JIT where the process may have it. Immutable; match() may be called from
// any thread.
class Pattern {
  public:
    // `text` is what a person writes: /…/flags with flags of i m s x u (u: UTF and UCP). Bytes by default,
    // caseless by ASCII. A slash inside may be written \/. The error gives PCRE2's words and the offset.
    static Result<Pattern> compile(std::string_view text, PatternLimits limits = {});

    Match match(std::string_view subject) const;
    const std::string& text() const { return text_; }
    // False if the just-in-time compiler refused, as under MemoryDenyWriteExecute=yes: matching is then
    // slower.
    bool jitted() const;
    // The names of its groups.
    std::vector<std::string> group_names() const;

  private:
    struct Compiled;
    std::string text_;
    std::shared_ptr<const Compiled> compiled_;
};

// Whether `subject` equals `glob` where * stands for any run of bytes and ? for one character; ASCII letters
// case-folded; \ takes the next character as it is. Linear in practice, never exponential.
bool glob_match(std::string_view glob, std::string_view subject);

}  // namespace mailrota::policy
