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

// "Ann (+15550101)" for a member whom the policy knows by name; else the text as it is.
std::string person_text(const policy::Policy& policy, const std::string& member);

// A text as it is spoken.
std::string spoken_text(const std::string& text);

boost::json::object to_json(const policy::Incident& incident, policy::Instant now);
// Without its id, which is the secret part of its URLs.
boost::json::object to_json(const policy::Contact& contact);

// Whoever types this: "ann at the console".
std::string at_the_console();

}  // namespace mailrota::ctl
