#include "core/runtime/relay_past.h"

#include <algorithm>

namespace mailrota::runtime {
namespace {

using store::RelayAttempt;
using Outcome = RelayAttempt::Recipient::Outcome;
using State = RelayAttempt::State;
using Way = Doubt::Way;
using Uncertain = config::RelayRota::Uncertain;

// Providers forget an idempotency key after a day.
constexpr std::chrono::hours key_lives{23};

const RelayAttempt::Recipient* recipient_of(const RelayAttempt& attempt, std::string_view offer) {
    const auto found = std::ranges::find(attempt.recipients, offer, &RelayAttempt::Recipient::offer);
    return found == attempt.recipients.end() ? nullptr : &*found;
}

// A provider that sends events about a mail has it, whatever it answered.
bool is_accepted(const RelayAttempt::Recipient& recipient) {
    const bool told = recipient.standing != mail::MailEvent::Type::unknown;
    return recipient.outcome == Outcome::accepted || (told && recipient.outcome != Outcome::failed);
}

Past past_in(const RelayAttempt& attempt, const RelayAttempt::Recipient& recipient, const Patience& patience,
             store::Time now) {
    Past past{Past::Kind::nothing, &attempt, &recipient, {}};
    if (is_accepted(recipient)) {
        past.kind = Past::Kind::accepted;
    } else if (recipient.outcome == Outcome::failed) {
        past.kind = Past::Kind::failed;
    } else if (attempt.state == State::begun) {
        past.until = attempt.last + patience(attempt.provider);
        past.kind = now < past.until ? Past::Kind::under_way : Past::Kind::in_doubt;
    } else if (recipient.outcome == Outcome::uncertain || recipient.outcome == Outcome::open) {
        past.kind = Past::Kind::in_doubt;
    }
    return past;
}

// A call that can be made twice without harm is, until it has failed to tell for too long.
bool is_worth_repeating(const RelayAttempt& attempt, const config::RelayRota& rota, store::Time now) {
    const bool waits_long =
        now >= attempt.begun + std::min<std::chrono::seconds>(rota.uncertain_hold, key_lives);
    return !waits_long && (rota.uncertain != Uncertain::next || attempt.tries < 2);
}

// When a provider's "absent" counts; never if it counts already, or the provider cannot be asked.
store::Time next_question(const RelayAttempt& attempt, const providers::Traits* traits, store::Time now) {
    if (traits == nullptr || !traits->looks_up || may_be_absent(attempt, *traits, now))
        return store::Time::max();
    return attempt.last + traits->look_up_lag;
}

}  // namespace

Past past_of(std::string_view offer, const std::vector<RelayAttempt>& attempts, const Patience& patience,
             store::Time now) {
    Past newest;
    for (const RelayAttempt& attempt : attempts) {
        const auto* recipient = recipient_of(attempt, offer);
        if (recipient == nullptr) continue;
        const Past past = past_in(attempt, *recipient, patience, now);
        if (past.kind == Past::Kind::accepted) return past;
        // A refusal that came after a doubt at another provider does not end the doubt.
        const bool tells = past.kind != Past::Kind::nothing;
        const bool told = newest.kind != Past::Kind::nothing;
        if (newest.attempt == nullptr || (tells && !told) ||
            (tells == told && newest.attempt->last <= attempt.last))
            newest = past;
    }
    return newest;
}

Doubt resolve(const RelayAttempt& attempt, const config::RelayRota& rota, const providers::Traits* traits,
              bool asked, store::Time now) {
    const bool repeats = traits != nullptr && traits->idempotent;
    if (repeats && is_worth_repeating(attempt, rota, now)) return {Way::repeat, {}, true};
    if (traits != nullptr && traits->looks_up && !asked) return {Way::ask, {}, false};
    const store::Time held_until = attempt.last + rota.uncertain_hold;
    const bool holds = now < held_until && !repeats;
    if (rota.uncertain == Uncertain::hold && holds)
        return {Way::wait, std::min(held_until, next_question(attempt, traits, now)), false};
    if (rota.uncertain == Uncertain::next || traits == nullptr) return {Way::elsewhere, {}, false};
    return {Way::again, {}, holds};
}

bool may_be_absent(const RelayAttempt& attempt, const providers::Traits& traits, store::Time now) {
    return now >= attempt.last + traits.look_up_lag;
}

}  // namespace mailrota::runtime
