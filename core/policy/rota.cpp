#include "core/policy/rota.h"

#include <algorithm>

namespace mailrota::policy {
namespace {

bool paused(const Member& member, const MemberState& state, std::chrono::sys_seconds now) {
    const bool pause_over = state.paused_until && *state.paused_until <= now;
    return member.paused || (state.paused && !pause_over);
}

bool on_leave(const Member& member, date::local_days today) {
    return std::ranges::any_of(member.leave, [&](const DateRange& range) { return range.hold(today); });
}

}  // namespace

std::string_view to_string(Absence absence) {
    switch (absence) {
        case Absence::none:
            return "available";
        case Absence::paused:
            return "paused";
        case Absence::leave:
            return "on leave";
        case Absence::off_hours:
            return "off hours";
        case Absence::cap_reached:
            return "cap reached";
    }
    return "";
}

std::string_view to_string(Choice::Reason reason) {
    switch (reason) {
        case Choice::Reason::turn:
            return "turn";
        case Choice::Reason::sticky:
            return "sticky";
        case Choice::Reason::first_available:
            return "first available";
        case Choice::Reason::everyone:
            return "everyone";
        case Choice::Reason::on_duty:
            return "on duty";
        case Choice::Reason::covers:
            return "covers";
        case Choice::Reason::fallback:
            return "fallback";
        case Choice::Reason::nobody:
            return "nobody";
    }
    return "";
}

std::int32_t turns_on_day(const MemberState& state, date::local_days day) {
    return state.day == day.time_since_epoch().count() ? state.turns_today : 0;
}

Absence absence(const Member& member, const MemberState& state, std::chrono::sys_seconds now) {
    if (paused(member, state, now)) return Absence::paused;
    const date::local_seconds time = member.zone.local(now);
    const date::local_days today = date::floor<date::days>(time);
    if (on_leave(member, today)) return Absence::leave;
    if (member.hours && !member.hours->hold(time)) return Absence::off_hours;
    if (member.max_per_day && turns_on_day(state, today) >= *member.max_per_day) return Absence::cap_reached;
    return Absence::none;
}

}  // namespace mailrota::policy
