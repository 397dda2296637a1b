#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/mail/result.h"

namespace mailrota::ctl {

// A time that a person typed: "2026-11-20", "2026-11-20 14:30", "2026-11-20T14:30:00", in the machine's time
// zone, or with "Z" or "+01:00" after it.
Result<std::chrono::sys_seconds> parse_time(std::string_view text);

// "2026-11-20 14:30:00", in the machine's time zone; "never" for 1970's first second.
std::string local_text(std::chrono::sys_seconds time);

// "2026-11-20T14:30:00Z", for JSON.
std::string utc_text(std::chrono::sys_seconds time);

}  // namespace mailrota::ctl
