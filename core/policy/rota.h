#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/calendar.h"

namespace mailrota::policy {

// How somebody can be reached by telephone.
enum class ContactWay : std::uint8_t { call, sms };

// Who a member is. The identity by which the store knows the member is `id`: the address or provider name
// case-folded, or the phone number.
struct Member {
    enum class Kind { address, phone, provider };

    Kind kind = Kind::address;
    std::string id;
    std::string target;  // as written: what a recipient is set to
    int weight = 1;      // 1 … 1000
    std::optional<Hours> hours;
    Zone zone;                       // for hours, leave and the day of max_per_day
    std::vector<DateRange> leave;    // whole days in the member's zone, both ends included
    std::optional<int> max_per_day;  // turns of any kind
    bool paused = false;             // by configuration; the store may pause too
    // Kind::phone:
    std::string name;                                // for people; may be empty
    std::string sms;                                 // another number for SMS; empty: `target`
    std::string language;                            // "en-US"; empty: as [calls] says
    std::string voice;                               // likewise
    std::vector<ContactWay> ways{ContactWay::call};  // in this order, at least one
};

enum class Strategy { round_robin, failover, all, schedule };

// A turn that goes to whoever has the conversation already.
struct Sticky {
    enum class By { thread, sender };

    By by = By::thread;
    std::chrono::seconds lasting{};
};

// The calendar of strategy `schedule`: members take periods in list order, handed over at `handoff`.
struct Schedule {
    enum class Every { day, week };

    Every every = Every::week;
    date::weekday weekday{1};         // of the handoff, for weekly
    std::chrono::minutes handoff{0};  // after local midnight
    Zone zone;
    date::local_days start{};  // the period that holds this day's handoff is the first member's
    struct Override {
        std::string member;                           // id
        date::local_time<std::chrono::minutes> from;  // in the schedule's zone; until is not included
        date::local_time<std::chrono::minutes> until;
    };
    std::vector<Override> overrides;  // the last that holds wins
};

// An ordered set of members and a rule for choosing the next one. Immutable once built by core/config.
struct Rota {
    std::string name;
    std::vector<std::string>
        addresses;  // as written; mail to them goes to this rota when no rule gave a route
    Strategy strategy = Strategy::round_robin;
    std::vector<Member> members;
    std::optional<Sticky> sticky;
    std::optional<Schedule> schedule;   // set if and only if strategy is schedule
    std::vector<std::string> fallback;  // addresses; empty: the mail is deferred when nobody is available
    bool pass_on_error = false;         // store away: let the mail pass untouched instead of deferring it
};

// What is remembered of one member of one rota between turns.
struct MemberState {
    std::int64_t credit = 0;  // in units of 1/credit_unit turn
    bool paused = false;
    std::optional<std::chrono::sys_seconds> paused_until;  // set: the pause ends by itself
    std::int32_t day = 0;  // days since 1970 in the member's zone of `turns_today`
    std::int32_t turns_today = 0;
    std::int64_t turns = 0;
    std::chrono::sys_seconds last_turn{};

    bool operator==(const MemberState&) const = default;
};

// One turn in fixed point: credits are integers so that equal weights tie exactly, whatever the run's length.
// This is the least number that 1 … 30 all divide: the shares of up to 30 members of equal weight add up to
// exactly one turn.
inline constexpr std::int64_t credit_unit = 2'329'089'562'800;

// By member id. A member without an entry starts at zero; an entry without a member (it left) stays.
using RotaState = std::map<std::string, MemberState, std::less<>>;

// Why somebody cannot take a turn now.
enum class Absence { none, paused, leave, off_hours, cap_reached };
std::string_view to_string(Absence absence);

// Turns of any kind on `day` of the member's zone.
std::int32_t turns_on_day(const MemberState& state, date::local_days day);

// Whether `member` can take a turn at `now`; of several reasons why not, the first in the order above.
Absence absence(const Member& member, const MemberState& state, std::chrono::sys_seconds now);

// One member's place in a choice, for explain, logs and history.
struct Candidate {
    std::string id;
    Absence absence = Absence::none;
    std::int64_t credit = 0;  // after this turn's credit was added, before paying
};

// What a turn came to.
struct Choice {
    enum class Reason { turn, sticky, first_available, everyone, on_duty, covers, fallback, nobody };

    std::vector<std::string> targets;  // whom the mail goes to; empty only for `nobody`
    std::vector<std::string> members;  // ids of those who took a turn; empty for fallback and nobody
    Reason reason = Reason::nobody;
    std::vector<Candidate> candidates;  // every member in list order
    RotaState state;                    // to be stored in place of the one given
};
std::string_view to_string(Choice::Reason reason);

// Draws the next turn: pure, so the same arguments give the same choice. Whoever takes a turn has it counted.
//
// round_robin: every available member is credited its weight over the sum of the available weights; the
// largest credit (ties in list order) takes the turn and pays one turn. Credits of members who are away stay
// as they are. So, sticky turns apart:
// - members of equal weight who joined together and are there at the same turns take theirs in list order,
//   whatever others do;
// - in all random runs measured no credit reaches two turns, and nobody who returns gets over two turns more
//   than its share; a pattern of absences made for it reaches a quarter turn per member
//   (doc/adr/0005-turns.md);
// - the sum of the credits stays, but for rounding: less than one unit a turn and available member.
//
// failover: the first available in list order. all: everyone available. schedule: who is on duty; if away,
// the next available in list order covers. These leave credits alone.
//
// `sticky_member`: the id that the conversation belongs to; it takes the turn if it is a member and
// available, and pays as for a turn of its own, down to 100,000 turns. `all` does not ask for it. If nobody
// is available, the mail goes to the fallback, and nobody is charged.
Choice choose(const Rota& rota, RotaState state, const std::optional<std::string>& sticky_member,
              std::chrono::sys_seconds now);

// The member on duty by the calendar alone at `now`; nothing if the rota has no members or no schedule.
// Before the start the members follow each other in the same order. A handoff that falls into a clock's gap
// happens at the gap's end, one that the clock shows twice at the first. An override that names no member
// never holds.
std::optional<std::string> on_duty(const Rota& rota, std::chrono::sys_seconds now);

}  // namespace mailrota::policy
