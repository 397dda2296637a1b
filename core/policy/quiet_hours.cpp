#include "core/policy/quiet_hours.h"

namespace mailrota::policy {
namespace {

using std::chrono::minutes;
using std::chrono::sys_seconds;

// Longer than any change of clocks.
constexpr minutes longest_change = std::chrono::hours{48};

}  // namespace

std::optional<sys_seconds> quiet_hours_end(const Alert& alert, sys_seconds now) {
    const auto quiet = [&](sys_seconds time) { return alert.quiet->hold(alert.zone.local(time)); };
    if (!alert.quiet || !quiet(now)) return std::nullopt;
    const auto end = alert.quiet->end(alert.zone.local(now));
    if (!end) return sys_seconds::max();
    const auto instant = alert.zone.instant(*end);
    if (instant > now && !quiet(instant)) return instant;
    // The clock shows the end twice, and it is past the first one. Hours and clocks change on whole minutes.
    const auto time = std::chrono::floor<minutes>(now);
    for (minutes step{1}; step <= longest_change; ++step)
        if (!quiet(time + step)) return time + step;
    return sys_seconds::max();
}

}  // namespace mailrota::policy
