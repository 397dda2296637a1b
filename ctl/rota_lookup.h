#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"
#include "core/policy/policy.h"
#include "ctl/state.h"

namespace mailrota::ctl {

// The rota of that name; every rota if it is empty. The error names those that there are.
Result<std::vector<const policy::Rota*>> find_rotas(const policy::Policy& policy, std::string_view name);

// The same with what a command that only looks at them stands on; as open_view().
struct RotaView {
    View view;
    std::vector<const policy::Rota*> rotas;  // in `view`
};
tl::expected<RotaView, Exit> open_rota_view(const std::string& config_file, std::string_view name,
                                            Console& console);

// The member of that id, letters folded; or the only one with that local part. The error names the members.
Result<const policy::Member*> find_member(const policy::Rota& rota, std::string_view name);

}  // namespace mailrota::ctl
