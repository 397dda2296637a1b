#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/toml_reader.h"
#include "core/policy/alert.h"

namespace mailrota::config {

// `every` or `by`, `days` and `tz`: when something is due again and again. `what` it is, for errors: "a
// heartbeat".
void load_times(const Section& section, std::string_view what, policy::Heartbeat& due);

// The alert that `key` names; empty if it is missing or not `known`, which is told. `missing` is what is
// asked then: "what is raised?"
std::string load_alert_name(const Section& section, std::string_view key, std::string_view missing,
                            const std::vector<std::string>& known);

}  // namespace mailrota::config
