#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/calendar.h"

namespace mailrota::policy {

// How bad it is. Jobs of a worse incident go first; a critical one knows no quiet hours.
enum class Severity : std::uint8_t { info, warning, error, critical };
std::string_view to_string(Severity severity);

// What proves that somebody has taken an incident on.
enum class Acknowledge : std::uint8_t {
    digit,   // a key pressed during a call, or an SMS in reply
    sms,     // an SMS in reply only: for hosts that nobody can reach from outside
    answer,  // the call was answered, by whatever (as procmail-twilio had it); or an SMS in reply
};
std::string_view to_string(Acknowledge acknowledge);

// One step of an escalation: whoever of the rota it falls on is tried so often.
struct EscalationStep {
    std::string rota;
    int tries = 1;                    // 1 … 20
    std::chrono::seconds wait{300};   // from one try to the next, and to the next step after the last
    std::chrono::seconds redial{60};  // instead of `wait` after a call that reached nobody (busy, no answer,
                                      // failed); not longer than `wait`
};

// At least so many mails within so long, before the alert opens an incident.
struct Burst {
    int mails = 1;
    std::chrono::seconds within{0};

    bool operator==(const Burst&) const = default;
};

// [alert.NAME]: what is to be done when something happens. Immutable; made by core/config.
struct Alert {
    std::string name;
    std::string say;   // (template) what is spoken
    std::string text;  // (template) what an SMS says; empty: as `say`
    std::string key;   // (template) what the incident is about; what fills to nothing: the subject
    std::chrono::seconds window{std::chrono::hours{12}};  // how long an incident lasts at most
    Severity severity = Severity::critical;
    std::vector<EscalationStep> escalate;  // at least one
    int rounds = 1;                        // how often the steps are gone through
    std::vector<std::string> fallback;     // addresses that are told by mail when all was in vain
    Acknowledge acknowledge = Acknowledge::digit;
    std::optional<Hours> quiet;  // no call begins within; never with severity critical
    Zone zone;                   // of `quiet`
    std::optional<Burst> burst;
    std::vector<std::string> luck;  // lines, one of which closes the spoken text; none: nothing does
};

// The line that closes what is spoken of this mail (its message key): always the same one. Empty if there are
// none.
std::string_view luck_line(const Alert& alert, std::string_view mail);
// How long the escalation lasts if nobody reacts, quiet hours apart.
std::chrono::seconds escalation_time(const Alert& alert);

// A heartbeat: mails that are expected, and whose absence raises an alert.
struct Heartbeat {
    std::string name;
    std::string alert;
    std::chrono::seconds every{0};           // at the latest so long after the last one; or
    std::optional<std::chrono::minutes> by;  // every day by this local time, and since midnight
    std::optional<Hours> days;               // on these days only
    Zone zone;                               // of `by` and `days`
    std::chrono::seconds grace{0};
};

// When a heartbeat that was last heard of then (never: since `begun`) is overdue. Pure.
//
// With `every`: so long after, and `grace`; if that falls on a day which is not one of `days`, `every` is
// counted from the midnight before the next one that is. With `by`: on the first of `days` after the one on
// which it was heard of, or on which it was begun: its mail of that day may have come before. Never, if no
// day is one of `days`: the greatest time. After an alarm the next one is had by giving the alarm's time less
// `grace` as `last`.
std::chrono::sys_seconds overdue_at(const Heartbeat& heartbeat, std::chrono::sys_seconds begun,
                                    std::optional<std::chrono::sys_seconds> last);

// What a rule that matched asks of the alerts: its action `alert` or `resolve`, filled in.
struct Trigger {
    enum class Kind { raise, resolve };

    Kind kind = Kind::raise;
    std::string alert;
    std::string rule;
    std::string key;   // filled, cleaned, never empty
    std::string say;   // raise only
    std::string text;  // likewise; what an SMS says
    // Digests of what made the rule match: the lines of the text in which its patterns matched, else the
    // subject. Never empty.
    std::vector<std::string> lines;
    bool reply = false;  // the mail looks like somebody's answer: by its subject or its text

    bool operator==(const Trigger&) const = default;
};

// What a heartbeat that did not come raises. {heartbeat} in the alert's templates is its name; a key that
// fills to nothing is that name too.
Trigger missed(const Heartbeat& heartbeat, const Alert& alert);

// The subject without reply and forward prefixes and without a status in round brackets at its end or after
// its prefixes ("(New)"), blanks made one, ASCII letters folded: the key of last resort. "(no subject)" if
// nothing is left.
std::string normalised_subject(std::string_view subject);
// A key as it is kept: controls gone, blanks made one, at most 200 bytes (longer: cut, with a digest).
std::string cleaned_key(std::string_view key);
// Of one line that made a rule match: blanks made one, ASCII letters folded, quote marks and bullets at its
// start left out; 32 hexadecimal digits.
std::string line_digest(std::string_view line);

}  // namespace mailrota::policy
