#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mailrota::providers {

// Reads ISO 8601 with "T" or a blank, a fraction (dropped) and "Z", "+hh:mm", "+hhmm", "+hh" or nothing
// (UTC); all digits, with or without a fraction, are seconds since 1970. Years 1970 to 9999.
std::optional<std::chrono::sys_seconds> read_time(std::string_view text);

// "2024-02-29T23:05:09Z" (RFC 3339).
std::string time_text(std::chrono::sys_seconds time);

}  // namespace mailrota::providers
