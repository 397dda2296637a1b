#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"
#include "core/policy/policy.h"

namespace mailrota::ctl {

// The rota of that name; every rota if it is empty. The error names those that there are.
Result<std::vector<const policy::Rota*>> find_rotas(const policy::Policy& policy, std::string_view name);

// The member of that id, letters folded; or the only one with that local part. The error names the members.
Result<const policy::Member*> find_member(const policy::Rota& rota, std::string_view name);

}  // namespace mailrota::ctl
