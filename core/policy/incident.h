#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/policy/alert.h"
#include "core/policy/rota.h"

namespace mailrota::policy {

using Instant = std::chrono::sys_seconds;

// How far an escalation has come.
struct Progress {
    int round = 0;                     // 0-based
    int step = 0;                      // 0-based; of Alert::escalate
    int tries = 0;                     // begun in this step
    std::vector<std::string> members;  // whom this step fell on; empty: not chosen yet
    std::vector<std::string> away;     // members whose number cannot be reached at all: left out
    int contact = 0;                   // which of the members' ways (call, SMS) this try has come to
    Instant due{};                     // when the next thing happens

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

// One call or SMS to one member. Known by its id, which is written down before the request goes out and is
// carried in it.
struct Contact {
    using Way = ContactWay;
    enum class State : std::uint8_t {
        waiting,    // nothing went out yet
        begun,      // the request may have gone out
        placed,     // the provider has it: queued, ringing, talking
        done,       // over, and it was answered or delivered
        unreached,  // over: busy, no answer, failed
        barred,     // over: this number cannot be called at all (not a number, blacklisted)
        cancelled,  // over: not needed any more
    };

    std::string id;  // 32 hexadecimal digits, random: also the secret part of its URLs
    std::int64_t incident = 0;
    int escalation = 1;  // Incident::escalations at the time
    Way way = Way::call;
    std::string member;    // id
    std::string number;    // E.164, as dialled
    std::string language;  // "en-US"; may be empty
    std::string voice;     // may be empty
    State state = State::waiting;
    std::string account;      // that carried it; empty before that
    std::string provider_id;  // "CA…"; opaque
    std::string status;       // the provider's last word: "ringing", "completed"
    int sequence = -1;        // of the last callback that counted
    bool human = false;       // a key was pressed or a message came back
    std::string answered_by;  // "human", "machine_start" …; may be empty
    int tries = 0;            // requests that may have gone out
    Instant made{};
    Instant begun{};
    Instant ended{};
    std::string words;  // why it ended so, one line

    bool over() const { return state >= State::done; }
    bool operator==(const Contact&) const = default;
};
std::string_view to_string(Contact::Way way);
std::string_view to_string(Contact::State state);

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

// Opens, notes, escalates anew or resolves. Of a live incident:
// - open or acknowledged: the mail is noted; lines that are new are remembered.
// - exhausted: it escalates anew if some line is new, or if the mail does not look like an answer (a machine
//   that says the same again); else it is noted.
// Pure. The mail's fields (mail, queue_id, subject, rule) are the caller's to fill in when it says opened or
// reopened.
Joined join(const Alert& alert, const Trigger& trigger, const Known& known, Instant now);

// The rotas that an alert's steps name, with what is remembered of their members.
struct OnCall {
    struct Entry {
        const Rota* rota = nullptr;
        RotaState state;
    };
    std::map<std::string, Entry, std::less<>> rotas;
};

// What an incident asks for now.
struct Advance {
    Incident after;
    std::vector<Contact> contacts;  // to be made: id and times are the caller's to fill in
    std::map<std::string, RotaState, std::less<>> states;  // rotas that took a turn
    bool exhausted = false;                                // just now: the fallback is to be told
    std::optional<Instant> wake;     // when to ask again, unless a contact ends before; nothing: never
    std::vector<std::string> story;  // one line each, for people: "step 2 of 3: ben, try 1 of 2"
};

// One step of the escalation of an open incident: pure, so the same arguments give the same advance. Whoever
// carries it out writes `after`, the contacts and the states in one transaction.
//
// Each step chooses its members when it begins: the rota's strategy says who (one member; `all`: everybody),
// those in `away` left out. A try goes through the members' own ways in their order (Member::ways): the
// first at once, the next one when the one before ended without an acknowledgement. When the ways are
// through, or one is still under way, the next try begins `wait` after this one began; but after a call that
// reached nobody, `redial` after it ended. A number that is barred ends its member's tries: the next
// available member of the rota takes over at once, and if there is none the next step begins. After the last
// step the rounds repeat; then the incident is exhausted. Quiet hours postpone the next try to their end.
//
// `contacts`: those of this escalation so far, any order.
Advance advance(const Alert& alert, const Incident& incident, const std::vector<Contact>& contacts,
                const OnCall& on_call, Instant now);

// What is to happen from now on if nobody reacts at all: for `alert test`. At most `most` lines.
struct ForeseenContact {
    Instant at{};
    Contact contact;
    std::string why;
};
std::vector<ForeseenContact> timeline(const Alert& alert, const Incident& incident, OnCall on_call,
                                      Instant now, std::size_t most = 100);

// Somebody takes it on or ends it. Nothing if the incident is past that already (acknowledged twice,
// resolved).
std::optional<Incident> acknowledged(Incident incident, const std::string& by, Instant now);
std::optional<Incident> resolved(Incident incident, const std::string& by, Instant now);
// Somebody asks for the next person: the step's tries are over.
std::optional<Incident> passed_on(Incident incident, const Alert& alert, Instant now);

}  // namespace mailrota::policy
