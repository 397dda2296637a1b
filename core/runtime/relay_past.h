#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/provider_settings.h"
#include "core/providers/outgoing.h"
#include "core/store/relays.h"

namespace mailrota::runtime {

// What earlier attempts tell of one offer, and what follows for an offer of which nobody knows whether the
// provider has it. Pure.

struct Past {
    enum class Kind {
        nothing,    // may be tried anywhere
        accepted,   // some provider has it: by its answer, or by an event that it sent since
        failed,     // refused for good
        under_way,  // a call went out a moment ago: somebody may still wait for its answer
        in_doubt,   // a call went out, and nobody knows what came of it
    };

    Kind kind = Kind::nothing;
    const store::RelayAttempt* attempt = nullptr;  // the one that tells; null: nothing. Among those given
    const store::RelayAttempt::Recipient* recipient = nullptr;
    store::Time until{};  // under_way: from then on it is in doubt
};

// How long after its begin somebody may be at work at an attempt at this provider.
using Patience = std::function<std::chrono::seconds(std::string_view provider)>;

// `attempts` hold the offer among others. What was accepted once stays so; else the newest attempt counts
// that has ended in anything but a refusal, since that ends nobody's doubt.
Past past_of(std::string_view offer, const std::vector<store::RelayAttempt>& attempts,
             const Patience& patience, store::Time now);

// What is done about an attempt in doubt.
struct Doubt {
    enum class Way {
        ask,        // the provider is asked for our id
        repeat,     // the same call again: the provider takes it once
        wait,       // until `until`, then this is asked again
        again,      // at the same provider; may be a duplicate
        elsewhere,  // at another provider; may be a duplicate
    };

    Way way = Way::wait;
    store::Time until{};  // wait
    bool strict = false;  // again: nobody else may have it, also if the provider cannot be used now
};

// `traits` is the provider's; null: it is none of the rota's any more. `asked`: it was asked just now and did
// not tell.
Doubt resolve(const store::RelayAttempt& attempt, const config::RelayRota& rota,
              const providers::Traits* traits, bool asked, store::Time now);

// Whether a provider that does not know an attempt may be believed: its index may lag behind.
bool may_be_absent(const store::RelayAttempt& attempt, const providers::Traits& traits, store::Time now);

}  // namespace mailrota::runtime
