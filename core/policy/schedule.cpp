#include <algorithm>

#include "core/policy/rota.h"

namespace mailrota::policy {
namespace {

using std::chrono::sys_seconds;

date::days length(Schedule::Every every) { return date::days{every == Schedule::Every::week ? 7 : 1}; }

// The day on which the first member's first period begins.
date::local_days first_handoff_day(const Schedule& schedule) {
    if (schedule.every == Schedule::Every::day) return schedule.start;
    return schedule.start - (date::weekday{schedule.start} - schedule.weekday);
}

sys_seconds handoff_of(const Schedule& schedule, std::int64_t period) {
    const date::local_days day =
        first_handoff_day(schedule) + length(schedule.every) * static_cast<int>(period);
    return schedule.zone.instant(day + schedule.handoff);
}

// The number of the period that holds `now`; negative before the start. Handoffs are compared as instants, so
// that a clock change in between neither loses nor doubles one.
std::int64_t period_at(const Schedule& schedule, sys_seconds now) {
    const date::local_days today = date::floor<date::days>(schedule.zone.local(now));
    std::int64_t period = (today - first_handoff_day(schedule)) / length(schedule.every);
    while (now < handoff_of(schedule, period)) --period;
    while (now >= handoff_of(schedule, period + 1)) ++period;
    return period;
}

bool holds(const Schedule::Override& exception, const Zone& zone, sys_seconds now) {
    return zone.instant(exception.from) <= now && now < zone.instant(exception.until);
}

bool has_member(const Rota& rota, std::string_view id) {
    return std::ranges::any_of(rota.members, [&](const Member& member) { return member.id == id; });
}

}  // namespace

std::optional<std::string> on_duty(const Rota& rota, sys_seconds now) {
    if (!rota.schedule || rota.members.empty()) return std::nullopt;
    const Schedule& schedule = *rota.schedule;
    for (auto exception = schedule.overrides.rbegin(); exception != schedule.overrides.rend(); ++exception) {
        if (holds(*exception, schedule.zone, now) && has_member(rota, exception->member))
            return exception->member;
    }
    const auto count = static_cast<std::int64_t>(rota.members.size());
    const std::int64_t place = (period_at(schedule, now) % count + count) % count;
    return rota.members[static_cast<std::size_t>(place)].id;
}

}  // namespace mailrota::policy
