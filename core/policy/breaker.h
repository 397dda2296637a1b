#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace mailrota::policy {

// Keeps mail away from a provider that fails, and finds out when it works again. A value, kept in the store
// under its scope: a provider's name, or name and sender domain ("sendgrid/example.com") where only mail from
// there is refused. Pure functions below; times are the caller's.
struct Breaker {
    using Time = std::chrono::sys_seconds;
    enum class State {
        closed,   // mail goes through
        open,     // nothing goes through before `until`; then one mail may try (half-open)
        probing,  // one mail tries; until `until` no other does
    };

    std::string scope;
    State state = State::closed;
    int failures = 0;                // temporary ones in a row
    Time until{};                    // open, probing
    std::chrono::seconds period{0};  // for which it was opened last
    bool alarmed = false;            // opened by configuration, account or quota: somebody must look at it
    std::string why;                 // the provider's words that opened it, or the last fault; one line
    Time last_fault{};
    Time last_success{};

    bool operator==(const Breaker&) const = default;
};
std::string_view to_string(Breaker::State state);

// What a call says of a provider. What concerns a mail or a recipient says nothing, or that it works.
struct Health {
    enum class Kind {
        works,
        temporary,      // 5yz, refused connection, throttled: counts towards opening
        configuration,  // wrong key, unverified domain, suspended, exhausted quota: opens at once, alarms
        silent,         // no answer: counts as temporary
    };
    Kind kind = Kind::works;
    // The provider's wish; 0: none. With one the breaker opens at once: temporary for so long and no longer,
    // however often; configuration at least for so long.
    std::chrono::seconds retry_after{0};
    std::string words;
};

struct BreakerTerms {
    int failures = 3;
    std::chrono::seconds open{60};
    std::chrono::seconds longest_open{1800};
    std::chrono::seconds probe{120};  // a probe that was not heard of for so long is taken for lost
};

enum class Passage { free, probe, blocked };
// Whether a mail may try now; `probe`: it may if it is the one that finds out (begin_probe).
Passage passage(const Breaker& breaker, Breaker::Time now);
Breaker begin_probe(Breaker breaker, const BreakerTerms& terms, Breaker::Time now);
Breaker after(Breaker breaker, const Health& health, const BreakerTerms& terms, Breaker::Time now);
// When a blocked breaker may be tried next.
Breaker::Time reopens(const Breaker& breaker);

}  // namespace mailrota::policy
