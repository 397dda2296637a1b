#pragma once

#include <string>
#include <string_view>

#include "core/policy/policy.h"

namespace mailrota::policy {

// What people call somebody: a member of some rota whose name is written there goes by it, anybody else by
// the id, or whatever stands in its place ("mail", "cho at the console"). Without control characters.
std::string person_name(const Policy& policy, std::string_view id);

// The same with the number beside it, where there is room: "Ann (+15550101)".
std::string person_text(const Policy& policy, std::string_view id);

}  // namespace mailrota::policy
