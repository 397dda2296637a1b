#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/mail_event.h"
#include "core/mail/result.h"
#include "core/store/journal.h"

namespace mailrota::store {

// An event as it was received. Known by (provider, event.id).
struct StoredEvent {
    std::int64_t seq = 0;  // given by the store, ascending
    std::string provider;  // as configured: "sendgrid"
    mail::MailEvent event;
    Time received{};
    std::string mail;      // StoredMail::id, once it is known which; may stay empty
    bool settled = false;  // what follows from it was done

    bool operator==(const StoredEvent&) const = default;
};

// The part of a transaction on events that providers send. Events live for `keep` after they were received.
class Events {
  public:
    virtual ~Events() = default;

    // Writes what is new; how many were. One statement or a few for a whole batch: 100 events in well under
    // a millisecond on SQLite.
    virtual Result<std::size_t> put_events(std::string_view provider,
                                           const std::vector<mail::MailEvent>& events, Time received) = 0;
    // Whether a token of a signature is used for the first time; it is remembered until then.
    virtual Result<bool> use_token(std::string_view provider, std::string_view token, Time until) = 0;

    // The oldest that are not settled; in a write locked until it ends (PostgreSQL: SKIP LOCKED).
    virtual Result<std::vector<StoredEvent>> unsettled_events(std::size_t limit) = 0;
    struct Settled {
        std::int64_t seq = 0;
        std::string mail;  // may be empty
    };
    virtual Result<void> settle_events(const std::vector<Settled>& events) = 0;
    // Makes them new again (`event replay`), their mail stays; how many there were.
    virtual Result<std::size_t> unsettle_events(const std::vector<std::int64_t>& events) = 0;

    virtual Result<std::vector<StoredEvent>> events_of(std::string_view mail) = 0;  // in order of `at`
    struct Filter {
        std::string provider;   // empty: any
        std::string recipient;  // by mail::Address's key; empty: any
        std::optional<mail::MailEvent::Type> type;
        std::optional<Time> since;  // received then or later
    };
    // The newest first.
    virtual Result<std::vector<StoredEvent>> find_events(const Filter& filter, std::size_t limit) = 0;
};

}  // namespace mailrota::store
