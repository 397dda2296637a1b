#pragma once

#include <string>
#include <vector>

#include "core/config/draft.h"

namespace mailrota::config {

// The actions of a rule with their lines, and the Stop of `stop = true` at the end. `captures` are those that
// its condition gives. Rotas and boxes that are named are noted in the draft.
void load_actions(const Section& rule, const std::vector<std::string>& captures, Draft& draft,
                  RuleDraft& into);

}  // namespace mailrota::config
