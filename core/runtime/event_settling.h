#pragma once

#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/runtime/log.h"
#include "core/store/store.h"

namespace mailrota::runtime {

// What does not come from the events.
struct EventTerms {
    store::Time now{};
    config::RelaySettings relay;
    config::WorkerSettings worker;  // where notifications go
    config::EventSettings events;   // handed on if command or url is set
    std::string hostname;
};

// What one event came to, for the log.
struct SettledEvent {
    store::StoredEvent event;
    std::string attempt;  // of which call; empty: of none that we know
    bool moved = false;   // the recipient's standing has changed
    bool suppressed = false;
    bool notified = false;
};

// Settles at most `limit` of the events that came and were not settled, in one transaction: finds the call
// that each is about (by our id, else by the provider's), moves the standing of its recipient, puts hard
// bounces and complaints on the suppression list, writes the job that notifies the sender of a final failure
// after acceptance (RFC 3464; never twice for one recipient, never of a mail without a sender, nor against
// its NOTIFY), and one job that hands them all on. An event of nobody that we know is settled too.
// Empty: there was nothing to settle.
Result<std::vector<SettledEvent>> settle_events(store::Transaction& transaction, const EventTerms& terms,
                                                std::size_t limit);

// The kind of the job that hands events on: bytes are events in the normal form, one JSON a line.
inline constexpr std::string_view hand_on_kind = "event";

}  // namespace mailrota::runtime
