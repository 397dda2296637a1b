#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string>

// Amounts as people read them.
namespace mailrota::ctl {

// A length of time by its two largest units: "45s", "12m", "2h 5m", "3d 4h". Not negative.
inline std::string span_text(std::chrono::seconds span) {
    const std::int64_t seconds = span.count();
    const auto of_two = [](std::int64_t large, const char* unit, std::int64_t small, const char* smaller) {
        return small == 0 ? fmt::format("{}{}", large, unit)
                          : fmt::format("{}{} {}{}", large, unit, small, smaller);
    };
    if (seconds < 60) return fmt::format("{}s", seconds);
    if (seconds < 3'600) return fmt::format("{}m", seconds / 60);
    if (seconds < 86'400) return of_two(seconds / 3'600, "h", seconds % 3'600 / 60, "m");
    return of_two(seconds / 86'400, "d", seconds % 86'400 / 3'600, "h");
}

// "in 5m", "now", "3h ago".
inline std::string from_now_text(std::chrono::sys_seconds time, std::chrono::sys_seconds now) {
    if (time == now) return "now";
    return time > now ? "in " + span_text(time - now) : span_text(now - time) + " ago";
}

// "812 bytes", "4.1 KB", "12.3 MB".
inline std::string size_text(std::uint64_t bytes) {
    const auto amount = static_cast<double>(bytes);
    if (bytes < 1'000) return fmt::format("{} bytes", bytes);
    if (bytes < 1'000'000) return fmt::format("{:.1f} KB", amount / 1e3);
    return fmt::format("{:.1f} MB", amount / 1e6);
}

}  // namespace mailrota::ctl
