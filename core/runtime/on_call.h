#pragma once

#include <string>
#include <vector>

#include "core/policy/escalation.h"
#include "core/policy/policy.h"
#include "core/store/store.h"

namespace mailrota::runtime {

// The rotas of the alert's steps, each once, in name order: those that a write names to Store::write().
std::vector<std::string> rotas_of(const policy::Alert& alert);

// Who there is for an alert, as the store knows them now: the rotas' states, and the numbers that are barred.
// `invalid` if a rota is not in the policy. The policy must outlive what it gives.
Result<policy::OnCall> read_on_call(store::Transaction& transaction, const policy::Policy& policy,
                                    const policy::Alert& alert);

}  // namespace mailrota::runtime
