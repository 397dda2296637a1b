#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "core/policy/incident.h"
#include "core/policy/policy.h"
#include "ctl/table.h"

// Incidents, calls and messages in words. Nothing in it has control characters.
namespace mailrota::ctl {

// "open", "acknowledged"; "open, window over" if it does not count any more.
Cell state_cell(const policy::Incident& incident, policy::Instant now);

// A text as it is spoken.
std::string spoken_text(const std::string& text);

boost::json::object to_json(const policy::Incident& incident, const policy::Policy& policy,
                            policy::Instant now);
// Without its id, which is the secret part of its URLs.
boost::json::object to_json(const policy::Contact& contact, const policy::Policy& policy);

// Whoever types this: "ann at the console".
std::string at_the_console();

}  // namespace mailrota::ctl
