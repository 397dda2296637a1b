#pragma once

#include <chrono>
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

// What a write that works on incidents names to Store::write(), like a rota: the lock of all of them. It
// comes after every rota and provider.
inline constexpr std::string_view incidents_lock = "\xFFincidents";

// The part of a transaction on incidents, calls and messages, and heartbeats. Incidents live for `keep` after
// they were resolved or their window ended, with all that belongs to them.
//
// One lock guards them all: in a write every function here takes it first and holds it to the end. So nothing
// that was read is changed by anybody else before then, nor does what was not there appear: a live incident,
// a call under way, a beat. Incidents are few and the lock is held for milliseconds, and so keys and
// incidents may be touched in any order. A write that names incidents_lock has it before any work of its
// group runs; without that it is as exact, but two nodes that also wait for each other elsewhere (for a job,
// a mail) then cost PostgreSQL's deadlock_timeout.
class Incidents {
  public:
    virtual ~Incidents() = default;

    // The live incident of (alert, key).
    virtual Result<std::optional<policy::Incident>> live_incident(std::string_view alert,
                                                                  std::string_view key, Time now) = 0;
    virtual Result<std::optional<policy::Incident>> incident(std::int64_t number) = 0;
    // Writes a new one, whatever its number: the number that it got. They ascend and are never used again.
    virtual Result<std::int64_t> open_incident(const policy::Incident& incident) = 0;
    // `invalid` if there is none of this number (any more).
    virtual Result<void> put_incident(const policy::Incident& incident) = 0;
    struct IncidentFilter {
        bool with_over = false;  // also resolved ones and those whose window has ended
        std::string alert;       // empty: any
        std::string number;      // to which something went out; empty: any
    };
    // The newest first.
    virtual Result<std::vector<policy::Incident>> incidents(const IncidentFilter& filter, Time now,
                                                            std::size_t limit) = 0;

    // Notes that a mail (its message key) told of (alert, key). False: it did so before, and what followed
    // from it has been done.
    virtual Result<bool> note_trigger(std::string_view alert, std::string_view key, std::string_view mail,
                                      Time at) = 0;
    // How many different mails told of it since then; counted to 10,000.
    virtual Result<int> triggers_since(std::string_view alert, std::string_view key, Time since) = 0;
    // The trigger lines that an incident remembers, each once; at most 10,000.
    virtual Result<std::vector<std::string>> trigger_lines(std::int64_t incident) = 0;
    virtual Result<void> remember_lines(std::int64_t incident, const std::vector<std::string>& lines) = 0;

    virtual Result<void> add_line(const IncidentLine& line) = 0;
    virtual Result<std::vector<IncidentLine>> lines_of(std::int64_t incident) = 0;  // in order of time

    // New, or in place of the earlier one of this id.
    virtual Result<void> put_contact(const policy::Contact& contact) = 0;
    virtual Result<std::optional<policy::Contact>> contact(std::string_view id) = 0;
    virtual Result<std::vector<policy::Contact>> contacts_of(std::int64_t incident) = 0;  // the oldest first
    // The newest SMS to this number that went out (it has begun, and does not wait again), for a reply
    // without a code.
    virtual Result<std::optional<policy::Contact>> last_sms_to(std::string_view number) = 0;
    // The contact with this number that the account knows under this id of its own.
    virtual Result<std::optional<policy::Contact>> contact_of_provider(std::string_view number,
                                                                       std::string_view account,
                                                                       std::string_view provider_id) = 0;
    // Calls that this account carries now: begun or placed, and begun since then. What nobody looks after any
    // more takes up no line for ever.
    virtual Result<int> calls_under_way(std::string_view account, Time since) = 0;
    // Whether a call (an SMS) for an open incident that is worse than this waits to go out. One that waits
    // with the status `out_of_order` has no account that could carry it now, and holds nobody up.
    static constexpr std::string_view out_of_order = "out-of-order";
    virtual Result<bool> worse_waits(policy::ContactWay way, policy::Severity than, Time now) = 0;
    // How many calls and SMS went out to this number since then.
    virtual Result<int> contacts_to(std::string_view number, Time since) = 0;
    // Takes the next slot in time of a line of this name, `pace` after the one before and not before `now`:
    // when it is. Nothing, and nothing is taken, if it is later than `latest`. In milliseconds, so that an
    // account may make several calls a second. A slot that was taken more than 10 s ahead is of a clock
    // that was wrong, and does not count: nobody takes one that is not near.
    using Milliseconds = std::chrono::sys_time<std::chrono::milliseconds>;
    virtual Result<std::optional<Milliseconds>> take_slot(std::string_view line, Milliseconds now,
                                                          std::chrono::milliseconds pace,
                                                          Milliseconds latest) = 0;
    // A number's standing: why it is not called any more. Nothing: it may be. A bar ends with the first
    // purge() after its time.
    virtual Result<std::optional<std::string>> barred(std::string_view number) = 0;
    // In place of an earlier bar.
    virtual Result<void> bar(std::string_view number, std::string_view why, Time until) = 0;
    virtual Result<bool> unbar(std::string_view number) = 0;  // false: it was not barred

    struct Beat {
        std::string name;
        Time begun{};                 // known since
        std::optional<Time> last;     // heard of last
        std::optional<Time> alarmed;  // found overdue last, and an incident opened for it

        bool operator==(const Beat&) const = default;
    };
    virtual Result<std::optional<Beat>> beat(std::string_view name) = 0;
    virtual Result<void> put_beat(const Beat& beat) = 0;
    virtual Result<std::vector<Beat>> beats() = 0;  // by name
    // One that comes back begins anew. Nothing if there is none.
    virtual Result<void> forget_beat(std::string_view name) = 0;
    // Whether an inbound message of this id is new; remembered until then.
    virtual Result<bool> use_message(std::string_view account, std::string_view id, Time until) = 0;
};

}  // namespace mailrota::store
