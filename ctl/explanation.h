#pragma once

#include <iosfwd>

#include <vector>

#include "core/runtime/intake.h"
#include "ctl/console.h"

namespace mailrota::ctl {

// A recipient whom the milter answers at RCPT: the end of the message knows nothing of it.
struct AnsweredAtRcpt {
    mail::Address recipient;
    policy::Reply reply;
};

// What a rehearsal came to, for people (stable: golden tests compare it) or as JSON.
void print_text(const runtime::Intake::Rehearsal& rehearsal, const policy::Policy& policy,
                const mail::Mail& mail, const std::vector<AnsweredAtRcpt>& answered, Console& console);
void print_json(const runtime::Intake::Rehearsal& rehearsal, const mail::Mail& mail,
                const std::vector<AnsweredAtRcpt>& answered, std::ostream& out);

}  // namespace mailrota::ctl
