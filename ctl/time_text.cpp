#include "ctl/time_text.h"

#include <date/date.h>

#include <array>
#include <ctime>
#include <optional>
#include <sstream>

namespace mailrota::ctl {
namespace {

// All of `text`, or nothing.
template <class Time>
std::optional<Time> parse_as(const std::string& text, const char* format) {
    std::istringstream stream(text);
    Time time{};
    stream >> date::parse(format, time);
    if (stream.fail() || stream.peek() != std::istringstream::traits_type::eof()) return std::nullopt;
    return time;
}

std::chrono::sys_seconds to_machine_zone(date::local_seconds time) {
    const auto day = date::floor<date::days>(time);
    const date::year_month_day calendar(day);
    const date::hh_mm_ss clock(time - day);
    std::tm fields{};
    fields.tm_year = static_cast<int>(calendar.year()) - 1900;
    fields.tm_mon = static_cast<int>(static_cast<unsigned>(calendar.month())) - 1;
    fields.tm_mday = static_cast<int>(static_cast<unsigned>(calendar.day()));
    fields.tm_hour = static_cast<int>(clock.hours().count());
    fields.tm_min = static_cast<int>(clock.minutes().count());
    fields.tm_sec = static_cast<int>(clock.seconds().count());
    fields.tm_isdst = -1;
    return std::chrono::sys_seconds(std::chrono::seconds(std::mktime(&fields)));
}

std::string formatted(const std::tm& fields, const char* format) {
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), format, &fields)};
}

}  // namespace

Result<std::chrono::sys_seconds> parse_time(std::string_view text) {
    const std::string whole(text);
    for (const char* format : {"%FT%TZ", "%FT%RZ", "%FT%T%Ez", "%FT%R%Ez", "%F %T%Ez", "%F %R%Ez"}) {
        if (const auto time = parse_as<std::chrono::sys_seconds>(whole, format)) return *time;
    }
    for (const char* format : {"%FT%T", "%FT%R", "%F %T", "%F %R", "%F"}) {
        if (const auto time = parse_as<date::local_seconds>(whole, format)) return to_machine_zone(*time);
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
