#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/runtime/contact_step.h"

namespace mailrota::runtime {

// By which account a contact goes out now, and when.
struct PhoneLine {
    enum class State {
        taken,         // it goes out by `account`, not before `slot`
        busy,          // it waits its turn
        out_of_order,  // every account that may carry it
        refused,       // no account may carry it
    };

    State state = State::refused;
    std::string account;
    store::Incidents::Milliseconds slot{};
    std::chrono::seconds wait{0};  // busy, out_of_order: after so long again
    std::string words;             // busy: why
};

// What is to go out.
struct Outgoing {
    const policy::Incident& incident;
    const policy::Contact& contact;
    const std::vector<std::string>& refused;  // accounts that do not carry it
};

// Takes a line for it, in the transaction that writes it as begun:
// - The first account in order that has not refused it and whose breaker lets it pass. It carries in_flight
//   calls at once, and calls and SMS each by its pace: the two do not hold each other up, as no provider
//   counts them together.
// - A slot that is not near is left for whoever is worse by then, and so is any while something worse waits
//   to go out the same way.
// - What is critical goes by the next account that has a line now. Anything less waits for its own, so that
//   the lines of the others stay free for that.
// - An account that is out of order is asked for again when its breaker lets somebody through; at once where
//   somebody tries it already, and within seconds for what is critical, as it may be in order before.
Result<PhoneLine> take_line(store::Transaction& transaction, const ContactTerms& terms,
                            const Outgoing& outgoing);

}  // namespace mailrota::runtime
