#include "core/policy/people.h"

#include <fmt/format.h>

#include "core/policy/safe_text.h"

namespace mailrota::policy {
namespace {

// Null: none whose name is known.
const Member* named_member(const Policy& policy, std::string_view id) {
    for (const Rota& rota : policy.rotas())
        for (const Member& member : rota.members)
            if (member.id == id && !member.name.empty()) return &member;
    return nullptr;
}

}  // namespace

std::string person_name(const Policy& policy, std::string_view id) {
    const Member* member = named_member(policy, id);
    return without_controls(member == nullptr ? id : member->name);
}

std::string person_text(const Policy& policy, std::string_view id) {
    const Member* member = named_member(policy, id);
    if (member == nullptr) return without_controls(id);
    return fmt::format("{} ({})", without_controls(member->name), member->target);
}

}  // namespace mailrota::policy
