#pragma once

#include <optional>

#include "core/policy/alert.h"

namespace mailrota::policy {

// When the quiet hours of the alert that hold at `now` end; nothing if none do. The greatest time if they
// hold for more than a week. Severity is the caller's to look at.
std::optional<std::chrono::sys_seconds> quiet_hours_end(const Alert& alert, std::chrono::sys_seconds now);

}  // namespace mailrota::policy
