#pragma once

#include <vector>

#include "core/config/draft.h"

namespace mailrota::config {

// The actions of a rule, with the Stop of `stop = true` at the end. `captures` are those that its condition
// gives. Rotas that are named are noted in the draft.
std::vector<policy::Action> load_actions(const Section& rule, const std::vector<std::string>& captures,
                                         Draft& draft);

}  // namespace mailrota::config
