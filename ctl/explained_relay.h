#pragma once

#include <boost/json/array.hpp>
#include <vector>

#include "core/runtime/relay_rehearsal.h"
#include "ctl/console.h"

namespace mailrota::ctl {

// Which providers a mail would be handed to, in which order, and what of it would arrive. For people (stable:
// golden tests compare it), or as JSON.
void print_relays(const std::vector<runtime::RelayRehearsal>& relays, Console& console);
boost::json::array to_json(const std::vector<runtime::RelayRehearsal>& relays);

}  // namespace mailrota::ctl
