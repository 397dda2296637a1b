#include "ctl/time_text.h"

#include <array>
#include <cstdlib>
#include <ctime>
#include <optional>

namespace mailrota::ctl {
namespace {

constexpr long widest_offset = 14L * 3600;  // seconds; +14:00 is the widest in use

// A calendar time as it was written, not yet in any zone.
struct Written {
    std::tm fields{};
    bool zoned = false;  // with an offset, which is in tm_gmtoff
};

// All of `text` by strptime(3), or nothing. (date::parse of date 3.0.1 reads an indeterminate value on bad
// text.)
std::optional<Written> parse_as(const std::string& text, const char* format, bool zoned) {
    Written written{{}, zoned};
    const char* end = strptime(text.c_str(), format, &written.fields);
    if (end == nullptr || *end != '\0') return std::nullopt;
    if (zoned && std::abs(written.fields.tm_gmtoff) > widest_offset) return std::nullopt;
    // strptime takes 30 February; a time that another one is written for does not exist.
    std::tm normal = written.fields;
    timegm(&normal);
    if (normal.tm_mday != written.fields.tm_mday || normal.tm_min != written.fields.tm_min)
        return std::nullopt;
    return written;
}

std::chrono::sys_seconds instant(Written written) {
    if (written.zoned) {
        const auto offset = written.fields.tm_gmtoff;
        return std::chrono::sys_seconds(std::chrono::seconds(timegm(&written.fields) - offset));
    }
    written.fields.tm_isdst = -1;
    return std::chrono::sys_seconds(std::chrono::seconds(std::mktime(&written.fields)));
}

std::string formatted(const std::tm& fields, const char* format) {
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), format, &fields)};
}

}  // namespace

Result<std::chrono::sys_seconds> parse_time(std::string_view text) {
    const std::string whole(text);
    for (const char* format : {"%FT%T%z", "%FT%R%z", "%F %T%z", "%F %R%z"}) {
        if (const auto written = parse_as(whole, format, true)) return instant(*written);
    }
    for (const char* format : {"%FT%T", "%FT%R", "%F %T", "%F %R", "%F"}) {
        if (const auto written = parse_as(whole, format, false)) return instant(*written);
    }
    return invalid("\"" + whole +
                   "\" is no time; write 2026-11-20T14:30, with Z or +01:00 after it if need be");
}

std::string local_text(std::chrono::sys_seconds time) {
    const std::time_t seconds = time.time_since_epoch().count();
    if (seconds == 0) return "never";
    std::tm fields{};
    localtime_r(&seconds, &fields);
    return formatted(fields, "%Y-%m-%d %H:%M:%S");
}

std::string utc_text(std::chrono::sys_seconds time) {
    const std::time_t seconds = time.time_since_epoch().count();
    std::tm fields{};
    gmtime_r(&seconds, &fields);
    return formatted(fields, "%Y-%m-%dT%H:%M:%SZ");
}

}  // namespace mailrota::ctl
