#include "core/policy/step_draw.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace mailrota::policy {

std::string name_of(const Member& member) { return member.name.empty() ? member.id : member.name; }

const Member* member_of(const Rota& rota, std::string_view id) {
    const auto found = std::ranges::find(rota.members, id, &Member::id);
    return found == rota.members.end() ? nullptr : &*found;
}

Choice draw_among(const Rota& rota, const RotaState& state,
                  const std::function<bool(const Member&)>& may_be_asked, std::chrono::sys_seconds now) {
    auto asked = rota;
    for (auto& member : asked.members)
        if (!may_be_asked(member)) member.paused = true;
    return choose(asked, state, std::nullopt, now);
}

std::string absences(const Rota& rota, const Choice& choice) {
    constexpr std::size_t most = 5;
    if (rota.members.empty()) return "it has no members";
    std::vector<std::string> words;
    for (std::size_t i = 0; i < choice.candidates.size() && i < most; ++i) {
        const auto absence = choice.candidates[i].absence;
        const auto& member = rota.members[i];
        const bool out_of_reach = absence == Absence::paused && !member.paused;
        words.push_back(fmt::format("{} {}", name_of(member),
                                    out_of_reach ? "paused or out of reach" : to_string(absence)));
    }
    return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace mailrota::policy
