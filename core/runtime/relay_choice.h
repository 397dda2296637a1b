#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/config/provider_settings.h"
#include "core/policy/breaker.h"
#include "core/policy/rota.h"
#include "core/store/relays.h"
#include "core/wire/reply.h"

namespace mailrota::runtime {

// Which provider of a rota is tried next, and what is said if none is. Pure.

// One member of the rota as it stands for one mail.
struct Contender {
    // Whether it can carry this mail as it is.
    enum class Fit { whole, breaks, too_large, no_null_sender };
    // What came of it for these recipients in this carry.
    enum class Tried {
        no,
        fault,      // its own: others are better off elsewhere too
        of_domain,  // it will not have mail from this sender's domain
        of_now,     // it has too much to do
        of_mail,    // it will not have this mail
    };

    std::string provider;
    int weight = 1;
    Fit fit = Fit::whole;
    std::string lacks;  // what would be lost; breaks: so that nothing is sent
    Tried tried = Tried::no;
    std::string words;      // tried: the provider's. Else of whoever opened the breaker; may be empty
    bool may_have = false;  // it may have the mail already: the others come first
    policy::Passage passage = policy::Passage::free;
    bool blocked_for_domain = false;  // blocked: for mail from this sender's domain only
    policy::Breaker::Time reopens{};  // blocked

    bool operator==(const Contender&) const = default;
};

struct Round {
    const config::RelayRota& rota;
    std::optional<store::RelayHold> held{};
    policy::RotaState turns{};  // round-robin: of members of kind provider
    policy::Breaker::Time now{};
    std::string before{};  // the provider that may have the mail and is to get it again; may be empty
    bool strict = false;   // nobody but `before`
};

struct RelayChoice {
    std::optional<std::size_t> chosen;  // among the contenders
    std::string why;                    // "first of the list", "held", "turn", "next": for the log
    bool keep = false;                  // if it works, the rota keeps to it: those before it are out of order
    policy::RotaState turns;            // round-robin: to be stored; empty: no turn was drawn
    wire::Reply nobody;                 // if none is chosen: what the client is told
    std::chrono::seconds wait{0};       // if none is chosen: when one of them may be tried; 0: not known
};
RelayChoice choose_provider(const std::vector<Contender>& contenders, const Round& round);

// The members of a rota of providers as policy::choose() takes them; who is not available is paused.
policy::Rota turns_of(const config::RelayRota& rota, const std::vector<bool>& available);

}  // namespace mailrota::runtime
