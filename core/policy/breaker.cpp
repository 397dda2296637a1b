#include "core/policy/breaker.h"

#include <algorithm>
#include <utility>

namespace mailrota::policy {
namespace {

using std::chrono::seconds;

Breaker opened(Breaker breaker, seconds period, Breaker::Time now) {
    breaker.state = Breaker::State::open;
    breaker.period = period;
    breaker.until = now + period;
    return breaker;
}

// Twice as long as the last time, if it was open before and did not work since.
seconds next_period(const Breaker& breaker, const BreakerTerms& terms) {
    const bool closed = breaker.state == Breaker::State::closed;
    return std::min(closed ? terms.open : std::max(terms.open, breaker.period * 2), terms.longest_open);
}

Breaker worked(Breaker breaker, Breaker::Time now) {
    breaker.state = Breaker::State::closed;
    breaker.failures = 0;
    breaker.until = {};
    breaker.period = {};
    breaker.alarmed = false;
    breaker.why.clear();
    breaker.last_success = now;
    return breaker;
}

// The provider knows best when it takes mail again, however short that is; a longer rest is not cut short.
Breaker opened_as_told(Breaker breaker, seconds retry_after, Breaker::Time now) {
    const Breaker::Time before = breaker.state == Breaker::State::open ? breaker.until : Breaker::Time{};
    breaker = opened(std::move(breaker), retry_after, now);
    breaker.until = std::max(breaker.until, before);
    return breaker;
}

}  // namespace

std::string_view to_string(Breaker::State state) {
    switch (state) {
        case Breaker::State::closed:
            return "closed";
        case Breaker::State::open:
            return "open";
        case Breaker::State::probing:
            return "probing";
    }
    return "";
}

Passage passage(const Breaker& breaker, Breaker::Time now) {
    if (breaker.state == Breaker::State::closed) return Passage::free;
    return now < breaker.until ? Passage::blocked : Passage::probe;
}

Breaker begin_probe(Breaker breaker, const BreakerTerms& terms, Breaker::Time now) {
    breaker.state = Breaker::State::probing;
    breaker.until = now + terms.probe;
    return breaker;
}

Breaker after(Breaker breaker, const Health& health, const BreakerTerms& terms, Breaker::Time now) {
    if (health.kind == Health::Kind::works) return worked(std::move(breaker), now);
    const bool of_configuration = health.kind == Health::Kind::configuration;
    breaker.failures = std::min(breaker.failures + 1, 1'000'000);
    breaker.last_fault = now;
    breaker.why = health.words;
    breaker.alarmed = breaker.alarmed || of_configuration;
    if (health.kind == Health::Kind::temporary && health.retry_after > seconds{0})
        return opened_as_told(std::move(breaker), health.retry_after, now);
    // A mail that set out before the breaker opened says nothing new.
    if (breaker.state == Breaker::State::open && now < breaker.until && health.retry_after == seconds{0})
        return breaker;
    const bool enough = breaker.state != Breaker::State::closed || breaker.failures >= terms.failures;
    if (!enough && !of_configuration && health.retry_after == seconds{0}) return breaker;
    const seconds period = next_period(breaker, terms);
    return opened(std::move(breaker), std::max(period, health.retry_after), now);
}

Breaker::Time reopens(const Breaker& breaker) { return breaker.until; }

}  // namespace mailrota::policy
