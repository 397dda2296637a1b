#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/policy/pattern.h"

namespace mailrota::policy {

// Which of many patterns can match a text at all, told by one pass over it (Hyperscan). It rules out and
// never rules in: a pattern that it names may still not match, one that it does not name cannot. Patterns
// that it cannot judge are always named: those that relaxed_pattern() has no answer for, those that match the
// empty text, and every one with the flag u if the text is not even_text().
//
// Immutable; mark() may be called from any thread. Copies share what is compiled.
class Sieve {
  public:
    // Compiling a thousand patterns takes about half a second. The patterns need not live on.
    explicit Sieve(std::span<const Pattern* const> patterns);

    // Sets possible[i] for every pattern that may match somewhere in this text; leaves the others as they
    // are. `possible` is as long as the patterns.
    void mark(std::string_view text, std::vector<std::uint8_t>& possible) const;
    std::size_t size() const { return size_; }
    // How many of the patterns a text can rule out.
    std::size_t judged() const;

  private:
    class Pass;

    std::size_t size_;
    std::vector<std::uint32_t> always_;         // patterns that are named whatever the text
    std::vector<std::uint32_t> unicode_;        // patterns with the flag u
    std::shared_ptr<const Pass> byte_pass_;     // of those without it; null: none
    std::shared_ptr<const Pass> unicode_pass_;  // of those with it; null: none
};

}  // namespace mailrota::policy
