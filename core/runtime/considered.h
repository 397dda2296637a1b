#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/mail/mail.h"
#include "core/policy/plan.h"
#include "core/runtime/raising.h"

namespace mailrota::runtime {

// The answer to one mail.
struct Taken {
    policy::Plan plan;
    policy::Turns turns;         // those the plan rests on
    std::vector<Raised> raised;  // alerts that it told of; empty if the store failed
    std::optional<Error>
        trouble;  // the store failed: the plan defers, or passes untouched where the rules say so
    bool failed_open = false;
};

// The halves of the way that a mail takes, before and after turns are drawn. All of it pure; what lies
// between is in Intake, and for coroutines in async_intake.h.

// What the policy says of a mail when nothing is drawn or remembered yet.
struct Considered {
    mail::Trace trace;  // what we wrote into the mail when it passed before; a forged one counts as none
    policy::Decision decision;
    std::vector<std::string> rotas;  // whose turns are needed, in name order

    // Whether something is to be drawn or remembered; else no store is asked.
    bool needs_store() const;
    // What the write names to Store::write(): the rotas, and the lock of incidents if some may be opened.
    std::vector<std::string> locks() const;
};

// What the transaction came to.
struct Settled {
    policy::Turns turns;
    std::vector<Raised> raised;
};
Considered consider(const policy::Policy& policy, const mail::Mail& mail, const mail::TraceSecret& secret,
                    policy::Granularity granularity, policy::Tracing tracing = policy::Tracing::off);

// What is to be done to the mail, with one turn for each of the rotas.
Taken conclude(const mail::Mail& mail, const Considered& considered, Settled settled);
// The same when the store failed: everybody is deferred, or the mail passes untouched if all that waits for a
// turn, and every rule that raises an alert or tells of a heartbeat, would rather do that. If nothing waits
// for a turn it goes where its rules say, and only the alert is lost.
Taken conclude_without_turns(const policy::Policy& policy, const mail::Mail& mail,
                             const Considered& considered, Error trouble);
// A fault of ours: everybody is deferred. `what` is for the log, the peer is told nothing of it.
Taken internal_error(const mail::Mail& mail, const std::string& what);

}  // namespace mailrota::runtime
