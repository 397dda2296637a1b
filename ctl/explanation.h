#pragma once

#include <iosfwd>

#include "core/runtime/intake.h"
#include "ctl/console.h"

namespace mailrota::ctl {

// What a rehearsal came to, for people (stable: golden tests compare it) or as JSON.
void print_text(const runtime::Intake::Rehearsal& rehearsal, const policy::Policy& policy,
                const mail::Mail& mail, Console& console);
void print_json(const runtime::Intake::Rehearsal& rehearsal, const mail::Mail& mail, std::ostream& out);

}  // namespace mailrota::ctl
