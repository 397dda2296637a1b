#include "core/policy/quiet_hours.h"

namespace mailrota::policy {
namespace {

using std::chrono::minutes;
using std::chrono::sys_seconds;

// Hours repeat every week. A day more, for the clocks' changes.
constexpr minutes longest = std::chrono::hours{8 * 24};

}  // namespace

std::optional<sys_seconds> quiet_hours_end(const Alert& alert, sys_seconds now) {
    const auto quiet = [&](sys_seconds time) { return alert.quiet->hold(alert.zone.local(time)); };
    if (!alert.quiet || !quiet(now)) return std::nullopt;
    // Hours begin and end on whole minutes of local time, and clocks change by whole minutes.
    auto time = std::chrono::floor<minutes>(now);
    for (minutes step{1}; step <= longest; ++step)
        if (!quiet(time + step)) return time + step;
    return sys_seconds::max();
}

}  // namespace mailrota::policy
