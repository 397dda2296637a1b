#include "core/providers/hook_check.h"

#include <algorithm>

#include "core/policy/fold.h"
#include "core/providers/base64.h"
#include "core/providers/signature.h"

namespace mailrota::providers {

bool user_fits(const HookRequest& request, const HookKeys& keys) {
    constexpr std::string_view scheme = "basic ";
    std::string_view given = request.header("Authorization");
    if (!policy::equal_folded(given.substr(0, scheme.size()), scheme)) return false;
    given.remove_prefix(scheme.size());
    given.remove_prefix(std::min(given.find_first_not_of(' '), given.size()));
    bool fits = false;
    for (const auto& [name, password] : keys.users)
        fits = same_text(base64(name + ':' + password), given) || fits;
    return fits;
}

std::optional<Verdict> check_method_and_user(const HookRequest& request, const HookKeys& keys) {
    if (request.method != "POST") return Genuine{{}, {}, true};
    if (!keys.users.empty() && !user_fits(request, keys)) return Forged{401, "no user with that password"};
    return std::nullopt;
}

bool is_stale(std::optional<std::chrono::sys_seconds> made, std::chrono::sys_seconds now,
              std::chrono::seconds oldest, std::chrono::seconds ahead) {
    return !made || *made < now - oldest || *made > now + ahead;
}

}  // namespace mailrota::providers
