#pragma once

#include "core/config/matchers.h"

namespace mailrota::config {

// The condition of a table of kind "rule.when": all of its keys must hold, in the order in which they were
// written.
policy::Condition load_condition(const Section& section, MatcherReader& matchers);

}  // namespace mailrota::config
