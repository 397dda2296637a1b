#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/policy/rota.h"

namespace mailrota::policy {

// As people call the member.
std::string name_of(const Member& member);

// Null if the rota has no such member.
const Member* member_of(const Rota& rota, std::string_view id);

// The rota's choice among the members who may be asked.
Choice draw_among(const Rota& rota, const RotaState& state,
                  const std::function<bool(const Member&)>& may_be_asked, std::chrono::sys_seconds now);

// Why nobody took the turn: "Ann on leave, +15550100 paused". `choice` is the rota's.
std::string absences(const Rota& rota, const Choice& choice);

}  // namespace mailrota::policy
