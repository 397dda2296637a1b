#pragma once

#include <string>

#include "core/mail/result.h"
#include "core/policy/alert.h"
#include "ctl/incident_commands.h"

namespace mailrota::ctl {

// What an incident that is opened by hand raises: the message itself is spoken or, where `set` has something,
// the alert's templates. The error (`invalid`) is one of usage.
Result<policy::Trigger> trigger_of(const HandMade& request, const policy::Alert& alert,
                                   const std::string& by);

// "there is no alert "x"; there are: …"
std::string no_such_alert(const std::string& name, const std::vector<policy::Alert>& alerts);

}  // namespace mailrota::ctl
