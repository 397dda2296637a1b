#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/policy/rule.h"
#include "core/policy/sieve.h"

namespace mailrota::policy {

// The sieves of a policy: one for each field (and header name) that its rules ask for enough patterns, so
// that a thousand rules cost one pass over a text instead of a thousand. Immutable; copies share what is
// compiled.
class Sieves {
  public:
    // A pattern alone is matched as it is: a pass would not be cheaper.
    static constexpr std::size_t patterns_least = 2;

    Sieves() = default;
    // Gives the tests of these rules their places. A test has one if it asks for patterns alone and is not
    // about the recipient.
    explicit Sieves(std::vector<Rule>& rules);

    std::size_t size() const { return sieves_.size(); }
    const Sieve& operator[](std::uint32_t sieve) const { return sieves_[sieve]; }
    // The test without whose yes this rule cannot match, by its place; nothing if it has none.
    const std::optional<SievePlace>& demanded(std::uint32_t rule) const { return demanded_[rule]; }

  private:
    std::vector<Sieve> sieves_;
    std::vector<std::optional<SievePlace>> demanded_;  // by rule
};

}  // namespace mailrota::policy
