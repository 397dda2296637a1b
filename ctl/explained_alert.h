#pragma once

#include <boost/json/array.hpp>
#include <string>
#include <vector>

#include "core/policy/policy.h"
#include "core/runtime/raising.h"
#include "ctl/console.h"

namespace mailrota::ctl {

// What the alerts that a mail tells of would come to, and what would be spoken; and which heartbeats it is.
// For people (stable: golden tests compare it), or as JSON.
void print_alerts(const std::vector<runtime::Raised>& raised, const std::vector<std::string>& beats,
                  const policy::Policy& policy, Console& console);
boost::json::array to_json(const std::vector<runtime::Raised>& raised, const policy::Policy& policy);

}  // namespace mailrota::ctl
