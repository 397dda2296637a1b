#pragma once

#include <iosfwd>
#include <vector>

#include "core/config/config.h"
#include "core/runtime/intake.h"
#include "core/runtime/relay_rehearsal.h"
#include "ctl/console.h"

namespace mailrota::ctl {

// A recipient who is answered at RCPT: the end of the message knows nothing of it.
struct AnsweredAtRcpt {
    mail::Address recipient;
    policy::Reply reply;
};

// What a rehearsal came to.
struct Explanation {
    const config::ListenerSettings& listener;  // by which the mail came
    const policy::Policy& policy;
    const mail::Mail& mail;
    std::vector<AnsweredAtRcpt> answered;
    runtime::Intake::Rehearsal rehearsal;
    std::vector<runtime::RelayRehearsal> relays;  // of the rotas of providers in the plan, by name
};

// For people (stable: golden tests compare it), or as JSON.
void print_text(const Explanation& explanation, Console& console);
void print_json(const Explanation& explanation, std::ostream& out);

}  // namespace mailrota::ctl
