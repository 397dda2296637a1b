#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/policy/incident.h"

namespace mailrota::policy {

// The rotas that an alert's steps name, with what is remembered of their members.
struct OnCall {
    struct Entry {
        const Rota* rota = nullptr;
        RotaState state;
    };
    std::map<std::string, Entry, std::less<>> rotas;      // a rota that is not here has no members
    std::set<std::pair<ContactWay, std::string>> barred;  // numbers that are known not to be reached that way
};

// One thing that happens, for people and the log.
struct Happening {
    std::string event;  // "call", "sms", "nobody", "barred", "postponed", "acknowledged", "exhausted"
    std::string text;   // "step 2 of 3: call to Ben, try 1 of 2"
};

// What an incident asks for now.
struct Advance {
    Incident after;
    std::vector<Contact> contacts;  // to be made: id and times are the caller's to fill in
    std::map<std::string, RotaState, std::less<>> states;  // rotas that took a turn
    bool exhausted = false;                                // just now: the fallback is to be told
    std::optional<Instant> wake;   // when to ask again, unless a contact changes before; nothing: never
    std::vector<Happening> story;  // one "call" or "sms" for each contact, in the same order
};

// One step of the escalation of an open incident; of any other nothing is asked. Pure, so the same arguments
// give the same advance. Whoever carries it out writes `after`, the contacts and the states in one
// transaction, and asks again when a contact changed.
//
// Each step chooses its members when it begins: the rota's strategy says who (one member; `all`: everybody),
// those in `away` left out. A try goes through the members' own ways in their order (Member::ways): the first
// at once; after a call the next one when it ended without an acknowledgement; after an SMS, of whose
// delivery there may never be word, `redial` later (half of `wait` at most), or at once if it failed. The
// next try begins `wait` after this one began; but `redial` after the last contact's end if all of them
// reached nobody. A way that is barred is passed over; a member without any other is out, and the next
// available member of the rota takes over at once with tries of its own. Where nobody is available the next
// step begins at once. After the last step the rounds repeat; then, or when its window is over, the incident
// is exhausted.
//
// No number is called while a call of this incident to it is not over, nor written to while an SMS to it has
// not gone out: the try goes on with the member's next way, comes to this one when the other is over, and
// passes if that takes longer. So a call that hangs delays nobody else.
//
// In quiet hours no try and no way begins: what would have begun does so at their end, and the window ends no
// sooner than the escalation would from there. With Acknowledge::answer an answered call acknowledges.
//
// `contacts`: all of this incident, any order.
Advance advance(const Alert& alert, const Incident& incident, const std::vector<Contact>& contacts,
                const OnCall& on_call, Instant now);

// What is to happen from now on if nobody reacts at all, and every call rings for `ring`: for `alert test`.
// At most `most` lines.
struct Foreseen {
    Instant at{};
    Happening what;
    std::optional<Contact> contact;  // of "call" and "sms"
};
std::vector<Foreseen> timeline(const Alert& alert, const Incident& incident, OnCall on_call, Instant now,
                               std::chrono::seconds ring = std::chrono::seconds{30}, std::size_t most = 100);

}  // namespace mailrota::policy
