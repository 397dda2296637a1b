#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"
#include "core/policy/incident.h"
#include "core/store/journal.h"

namespace mailrota::store {

// One happening in the life of an incident.
struct IncidentLine {
    std::int64_t incident = 0;
    std::string event;  // one word: "opened", "noted", "call", "answered", "acknowledged", "exhausted" …
    std::string text;
    Time at{};

    bool operator==(const IncidentLine&) const = default;
};

// The part of a transaction on incidents, calls and messages, and heartbeats. Incidents live for `keep` after
// they were resolved or their window ended, with all that belongs to them.
class Incidents {
  public:
    virtual ~Incidents() = default;

    // The live incident of (alert, key). In a write, from here to its end no other transaction opens one of
    // the same (alert, key) or changes this one: also if there is none yet.
    virtual Result<std::optional<policy::Incident>> live_incident(std::string_view alert,
                                                                  std::string_view key, Time now) = 0;
    // In a write its row is locked.
    virtual Result<std::optional<policy::Incident>> incident(std::int64_t number) = 0;
    // Writes a new one (number 0): its number. Numbers ascend and are never used again.
    virtual Result<std::int64_t> open_incident(const policy::Incident& incident) = 0;
    virtual Result<void> put_incident(const policy::Incident& incident) = 0;
    struct IncidentFilter {
        bool with_over = false;  // also resolved ones and those whose window has ended
        std::string alert;       // empty: any
        std::string number;      // of a member who was called or written to; empty: any
    };
    // The newest first.
    virtual Result<std::vector<policy::Incident>> incidents(const IncidentFilter& filter, Time now,
                                                            std::size_t limit) = 0;

    // Notes that a mail (its message key) told of (alert, key). False: it did so before, and what followed
    // from it has been done.
    virtual Result<bool> note_trigger(std::string_view alert, std::string_view key, std::string_view mail,
                                      Time at) = 0;
    // How many different mails told of it since then.
    virtual Result<int> triggers_since(std::string_view alert, std::string_view key, Time since) = 0;
    // The trigger lines that an incident remembers.
    virtual Result<std::vector<std::string>> trigger_lines(std::int64_t incident) = 0;
    virtual Result<void> remember_lines(std::int64_t incident, const std::vector<std::string>& lines) = 0;

    virtual Result<void> add_line(const IncidentLine& line) = 0;
    virtual Result<std::vector<IncidentLine>> lines_of(std::int64_t incident) = 0;  // in order of time

    virtual Result<void> put_contact(const policy::Contact& contact) = 0;  // new, or in place of the earlier
    // In a write its row is locked.
    virtual Result<std::optional<policy::Contact>> contact(std::string_view id) = 0;
    virtual Result<std::vector<policy::Contact>> contacts_of(std::int64_t incident) = 0;  // the oldest first
    // The newest SMS to this number that went out, for a reply without a code.
    virtual Result<std::optional<policy::Contact>> last_sms_to(std::string_view number) = 0;
    // Contacts that this account carries now (begun or placed calls), and how many went to this number since
    // then.
    virtual Result<int> calls_under_way(std::string_view account) = 0;
    virtual Result<int> contacts_to(std::string_view number, Time since) = 0;
    // Takes the account's next slot in time, `pace` after the one before and not before `now`: when it is. In
    // milliseconds, so that an account may make several calls a second.
    using Milliseconds = std::chrono::sys_time<std::chrono::milliseconds>;
    virtual Result<Milliseconds> take_slot(std::string_view account, Milliseconds now,
                                           std::chrono::milliseconds pace) = 0;
    // A number's standing: why it is not called any more. Nothing: it may be.
    virtual Result<std::optional<std::string>> barred(std::string_view number) = 0;
    virtual Result<void> bar(std::string_view number, std::string_view why, Time until) = 0;
    virtual Result<bool> unbar(std::string_view number) = 0;

    struct Beat {
        std::string name;
        Time begun{};                 // known since
        std::optional<Time> last;     // heard of last
        std::optional<Time> alarmed;  // the `overdue_at` for which an incident was opened last
    };
    virtual Result<std::optional<Beat>> beat(std::string_view name) = 0;  // in a write locked
    virtual Result<void> put_beat(const Beat& beat) = 0;
    // Whether an inbound message of this id is new; remembered until then.
    virtual Result<bool> use_message(std::string_view account, std::string_view id, Time until) = 0;
};

}  // namespace mailrota::store
