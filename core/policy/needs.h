#pragma once

#include <vector>

#include "core/policy/policy.h"

namespace mailrota::policy {

// What these rules and rotas can ever look at or do.
Needs needs_of(const std::vector<Rule>& rules, const std::vector<Rota>& rotas);

// Whether a condition can be answered with yes, or with no, before header and body are seen.
bool can_be_yes_unseen(const Condition& condition);
bool can_be_no_unseen(const Condition& condition);

}  // namespace mailrota::policy
