#include "core/providers/hook_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace mailrota::providers {
namespace {

using std::chrono::sys_seconds;

constexpr std::int64_t longest_time = 253'402'300'799;  // the end of the year 9999

bool digit(char c) { return c >= '0' && c <= '9'; }

bool take(std::string_view& text, char c) {
    const bool there = text.starts_with(c);
    text.remove_prefix(there ? 1 : 0);
    return there;
}

std::optional<std::int64_t> take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits || !std::all_of(text.begin(), text.begin() + digits, digit)) return std::nullopt;
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + digits, number);
    text.remove_prefix(digits);
    return number;
}

// A fraction is dropped; false if the point has no digits behind it.
bool take_fraction(std::string_view& text) {
    if (!take(text, '.')) return true;
    const auto digits = std::find_if_not(text.begin(), text.end(), digit) - text.begin();
    text.remove_prefix(static_cast<std::size_t>(digits));
    return digits > 0;
}

// What UTC is away from the zone that `text` is.
std::optional<std::chrono::minutes> read_zone(std::string_view text) {
    if (text.empty() || text == "Z" || text == "z") return std::chrono::minutes(0);
    const bool east = text.front() == '+';
    if (!east && text.front() != '-') return std::nullopt;
    text.remove_prefix(1);
    const auto hours = take_number(text, 2);
    take(text, ':');
    const auto minutes = text.empty() ? std::optional<std::int64_t>(0) : take_number(text, 2);
    if (!hours || !minutes || !text.empty() || *hours > 23 || *minutes > 59) return std::nullopt;
    const std::chrono::minutes away(60 * *hours + *minutes);
    return east ? -away : away;
}

std::optional<sys_seconds> read_date(std::string_view& text) {
    const auto year = take_number(text, 4);
    const bool first = take(text, '-');
    const auto month = take_number(text, 2);
    const bool second = take(text, '-');
    const auto day = take_number(text, 2);
    if (!year || !first || !month || !second || !day || *year < 1970) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date);
}

}  // namespace

std::optional<sys_seconds> read_time(std::string_view text) {
    const auto digits = std::find_if_not(text.begin(), text.end(), digit) - text.begin();
    if (digits >= 5 && digits <= 12) {
        const auto seconds = take_number(text, static_cast<std::size_t>(digits));
        if (!take_fraction(text) || !text.empty() || *seconds > longest_time) return std::nullopt;
        return sys_seconds(std::chrono::seconds(*seconds));
    }
    const auto date = read_date(text);
    if (!date || !(take(text, 'T') || take(text, ' '))) return std::nullopt;
    const auto hour = take_number(text, 2);
    const bool first = take(text, ':');
    const auto minute = take_number(text, 2);
    const bool second = take(text, ':');
    const auto rest = take_number(text, 2);
    if (!hour || !first || !minute || !second || !rest || *hour > 23 || *minute > 59 || *rest > 60)
        return std::nullopt;
    if (!take_fraction(text)) return std::nullopt;
    const auto zone = read_zone(text);
    if (!zone) return std::nullopt;
    const sys_seconds time = *date + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
                             std::chrono::seconds(*rest) + *zone;
    return std::clamp(time, sys_seconds(), sys_seconds(std::chrono::seconds(longest_time)));
}

std::string time_text(sys_seconds time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace mailrota::providers
