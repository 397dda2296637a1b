#pragma once

#include <boost/json/array.hpp>

#include "core/mail/message.h"
#include "core/policy/policy.h"
#include "ctl/console.h"

namespace mailrota::ctl {

// Whether a rule asks who speaks in the text of a mail: about what is new, quoted, passed on or a signature.
bool looks_at_classes(const policy::Policy& policy);

// The lines of a mail's text, each with its class, its level and the reason; the first thousand of each text.
// For people (stable: golden tests compare it), or as JSON.
void print_classes(const mail::Message& message, Console& console);
boost::json::array classes_to_json(const mail::Message& message);

}  // namespace mailrota::ctl
