#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/mail/mail.h"
#include "core/policy/plan.h"
#include "core/store/store.h"

namespace mailrota::runtime {

// By rota: what was drawn and from whom. A turn that was found again has no entry.
using Choices = std::map<std::string, policy::Choice, std::less<>>;

// Draws the turns of `rotas` for one mail inside a transaction that holds their locks: an earlier turn of the
// same mail is found again (unless one of its members has left the rota: then the turn is drawn anew); else
// the conversation's member, else the next in turn. Writes the turns, the members' states and the
// conversations: all or, where the whole mail has one answer (`granularity`) and one of the rotas has nobody,
// none, since then the mail waits. Idempotent by the mail's key. `choices`, if given, is filled for explain.
Result<policy::Turns> settle(store::Transaction& transaction, const policy::Policy& policy,
                             const mail::Mail& mail, const std::vector<std::string>& rotas,
                             policy::Granularity granularity, std::chrono::sys_seconds now,
                             Choices* choices = nullptr);

}  // namespace mailrota::runtime
