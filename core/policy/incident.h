#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/alert.h"
#include "core/policy/contact.h"

namespace mailrota::policy {

// How far an escalation has come.
struct Progress {
    int round = 0;                     // 0-based
    int step = 0;                      // 0-based; of Alert::escalate
    int tries = 0;                     // begun in this step; 0: it has not begun
    std::vector<std::string> members;  // whom this step fell on, less those who are out of it
    std::vector<std::string> away;     // members who passed on, or whom no way of theirs reaches: not asked
                                       // again in this escalation while anybody else of the rota can be
    int attempt = 0;                   // the try that was begun last: 1, 2 … over all steps and rounds
    Instant due{};                     // when this try is over at the latest

    bool operator==(const Progress&) const = default;
};

// Something that happened and that somebody must take on. Known by its number; at most one that is not over
// for each (alert, key).
struct Incident {
    enum class State : std::uint8_t {
        open,          // it escalates
        acknowledged,  // somebody has taken it on
        resolved,      // over
        exhausted,     // nobody was reached, the fallback was told; a fresh trigger escalates anew
    };

    std::int64_t number = 0;  // given by the store, ascending: "incident 17"
    std::string alert;
    std::string key;
    State state = State::open;
    Severity severity = Severity::critical;
    Acknowledge acknowledge = Acknowledge::digit;
    std::string say;       // as filled in by the last mail that escalated
    std::string text;      // of an SMS
    std::string subject;   // of that mail, for people
    std::string mail;      // its message key
    std::string queue_id;  // likewise; may be empty
    std::string rule;
    Instant opened{};
    Instant until{};      // the end of its window
    Instant changed{};    // its state
    std::string by;       // who acknowledged or resolved it: a member's id, "mail", "ann at the console"
    int mails = 1;        // that told of it
    int escalations = 1;  // how often it was escalated from the top
    Progress progress;

    // It counts still: not resolved, and its window is not over.
    bool live(Instant now) const { return state != State::resolved && now < until; }
    bool operator==(const Incident&) const = default;
};
std::string_view to_string(Incident::State state);

// What a trigger comes to, beside the live incident of its (alert, key) if there is one.
struct Joined {
    enum class What {
        opened,    // a new incident
        noted,     // it is known already: nobody is called for it
        reopened,  // an exhausted incident escalates anew
        resolved,  // it is over
        ignored,   // nothing to resolve; a burst that is not complete
    };

    What what = What::ignored;
    std::optional<Incident> incident;  // as it is to be stored; nothing if ignored
    std::string why;                   // one phrase: "its line was seen at 08:15", "3 of 5 mails in 10m"
};
std::string_view to_string(Joined::What what);

// What is known when a trigger comes.
struct Known {
    std::optional<Incident> live;    // of (alert, key), by Incident::live(now)
    std::vector<std::string> lines;  // trigger lines that this incident remembers
    int recent = 0;                  // mails of (alert, key) within the burst, this one included
};

// Opens, notes, escalates anew or resolves. Without a live incident one is opened, once a burst is complete.
// Of a live one:
// - open or acknowledged: the mail is noted.
// - exhausted: it escalates anew if some line is new, or if the mail does not look like an answer (a machine
//   that says the same again), and a burst is complete; else it is noted.
// The window ends no sooner than the escalation would. Pure. The caller fills in the mail's fields (mail,
// queue_id, subject) when it says opened or reopened, and has all lines remembered unless it says ignored.
Joined join(const Alert& alert, const Trigger& trigger, const Known& known, Instant now);

// Somebody takes it on or ends it. Nothing if the incident is past that already (acknowledged twice,
// resolved); an exhausted one may be acknowledged.
std::optional<Incident> acknowledged(Incident incident, const std::string& by, Instant now);
std::optional<Incident> resolved(Incident incident, const std::string& by, Instant now);
// This member asks for the next person: the member is out of this step. If nobody else is in it, the next
// step begins; of a round's last step, somebody else of its rota takes over first. Nothing if the incident is
// not open, or has come to somebody else already.
std::optional<Incident> passed_on(Incident incident, std::string_view member);

}  // namespace mailrota::policy
