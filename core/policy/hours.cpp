#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/policy/calendar.h"
#include "core/policy/calendar_text.h"
#include "core/policy/safe_text.h"

namespace mailrota::policy {
namespace {

using std::chrono::minutes;

constexpr minutes whole_day = std::chrono::hours{24};
constexpr std::array<std::string_view, 7> weekdays{"sunday",   "monday", "tuesday", "wednesday",
                                                   "thursday", "friday", "saturday"};

bool same_letter(char left, char right) { return (left | 0x20) == right; }

// "Mon", "monday", "Tues": at least three letters of the English name, in any case.
std::optional<std::size_t> find_weekday(std::string_view text) {
    for (std::size_t day = 0; day < weekdays.size(); ++day) {
        const std::string_view name = weekdays[day];
        if (text.size() < 3 || text.size() > name.size()) continue;
        if (std::ranges::equal(text, name.substr(0, text.size()), same_letter)) return day;
    }
    return std::nullopt;
}

Result<std::array<bool, 7>> parse_days(std::string_view text) {
    const std::size_t dash = text.find('-');
    const std::optional<std::size_t> first = find_weekday(text.substr(0, dash));
    const std::optional<std::size_t> last =
        dash == std::string_view::npos ? first : find_weekday(text.substr(dash + 1));
    if (!first || !last) {
        return invalid(
            fmt::format("{} is not a weekday or a span of weekdays such as \"Mon-Fri\"", quoted(text)));
    }
    std::array<bool, 7> days{};
    for (std::size_t day = *first; day != *last; day = (day + 1) % 7) days[day] = true;
    days[*last] = true;
    return days;
}

// 0:00 … 24:00
std::optional<minutes> parse_time(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::optional<int> hour = digits(text.substr(0, colon), 1, 2);
    const std::optional<int> minute = digits(text.substr(colon + 1), 2, 2);
    if (!hour || !minute || *minute > 59) return std::nullopt;
    const minutes time = std::chrono::hours{*hour} + minutes{*minute};
    if (time > whole_day) return std::nullopt;
    return time;
}

struct Times {
    minutes from{0};
    minutes until = whole_day;
};

Result<Times> parse_times(std::string_view text) {
    const std::size_t dash = std::min(text.find('-'), text.size());
    const std::optional<minutes> from = parse_time(text.substr(0, dash));
    const std::optional<minutes> until = parse_time(text.substr(std::min(dash + 1, text.size())));
    if (!from || !until || *from == whole_day) {
        return invalid(fmt::format("{} is not a span of times such as \"08:00-17:00\"", quoted(text)));
    }
    if (*from == *until) {
        return invalid(
            fmt::format("{} begins and ends at the same time; a whole day is 00:00-24:00", quoted(text)));
    }
    return Times{*from, *until > *from ? *until : *until + whole_day};
}

// One part between commas, cut into what names days and what names times; either may be empty.
struct Part {
    std::string_view text;
    std::string_view days;
    std::string_view times;
};

Part cut_part(std::string_view text) {
    const std::size_t number = text.find_first_of("0123456789:");
    if (number == std::string_view::npos) return {text, text, {}};
    return {text, trimmed(text.substr(0, number)), text.substr(number)};
}

std::vector<Part> cut_parts(std::string_view text) {
    std::vector<Part> parts;
    for (std::size_t comma = 0; comma != std::string_view::npos;) {
        comma = text.find(',');
        parts.push_back(cut_part(trimmed(text.substr(0, comma))));
        if (comma != std::string_view::npos) text.remove_prefix(comma + 1);
    }
    return parts;
}

Result<void> check_parts(const std::vector<Part>& parts) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i].text.empty()) {
            return invalid(
                "hours must not be empty or have an empty part; write them as \"Mon-Fri 08:00-17:00\"");
        }
        if (i == 0 || !parts[i - 1].times.empty() || parts[i].times.empty()) continue;
        return invalid(fmt::format(
            "{} has no times before {}; give it times (a whole day is 00:00-24:00) or put it last",
            quoted(parts[i - 1].text), quoted(parts[i].text)));
    }
    return {};
}

}  // namespace

Result<Hours> Hours::parse(std::string_view text) {
    const std::vector<Part> parts = cut_parts(text);
    if (const Result<void> checked = check_parts(parts); !checked) return tl::unexpected(checked.error());
    Hours hours;
    for (const Part& part : parts) {
        const Result<std::array<bool, 7>> days = parse_days(part.days.empty() ? "Mon-Sun" : part.days);
        if (!days) return tl::unexpected(days.error());
        const Result<Times> times = part.times.empty() ? Times{} : parse_times(part.times);
        if (!times) return tl::unexpected(times.error());
        hours.spans_.push_back({*days, times->from, times->until});
    }
    return hours;
}

std::optional<date::local_seconds> Hours::end(date::local_seconds time) const {
    const auto latest = time + date::days{8};
    while (hold(time)) {
        auto later = time;
        const date::local_days today = date::floor<date::days>(time);
        for (const Span& span : spans_) {
            for (const date::local_days day : {today - date::days{1}, today}) {
                const bool holds = span.days[date::weekday{day}.c_encoding()] && day + span.from <= time;
                if (holds) later = std::max<date::local_seconds>(later, day + span.until);
            }
        }
        time = later;
        if (time > latest) return std::nullopt;
    }
    return time;
}

bool Hours::hold(date::local_seconds time) const {
    const date::local_days day = date::floor<date::days>(time);
    const unsigned today = date::weekday{day}.c_encoding();
    const unsigned yesterday = (today + 6) % 7;
    const std::chrono::seconds clock = time - day;
    return std::ranges::any_of(spans_, [&](const Span& span) {
        const bool begun_today = span.days[today] && span.from <= clock && clock < span.until;
        return begun_today || (span.days[yesterday] && clock + whole_day < span.until);
    });
}

}  // namespace mailrota::policy
