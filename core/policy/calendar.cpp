#include "core/policy/calendar.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <stdexcept>

#include "core/policy/calendar_text.h"
#include "core/policy/safe_text.h"

namespace mailrota::policy {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

// By the C locale's rules, which zone names keep to.
char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// How many letters must be changed, put in or left out to come from one name to the other, case apart.
std::size_t distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < right.size(); ++j) {
            const std::size_t changed = diagonal + (lower(left[i]) == lower(right[j]) ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, diagonal + 1, row[j] + 1});
        }
    }
    return row.back();
}

// The city alone counts too, so that "London" finds "Europe/London".
std::size_t zone_distance(std::string_view wanted, std::string_view name) {
    const std::size_t slash = name.rfind('/');
    const std::size_t whole = distance(wanted, name);
    if (slash == std::string_view::npos || wanted.find('/') != std::string_view::npos) return whole;
    return std::min(whole, distance(wanted, name.substr(slash + 1)));
}

std::string nearest_zone(std::string_view wanted) {
    if (wanted.size() > 64) return {};
    std::string nearest;
    std::size_t least = std::min<std::size_t>(4, wanted.size() / 2 + 1);
    for (const date::time_zone& zone : date::get_tzdb().zones) {
        const std::size_t far = zone_distance(wanted, zone.name());
        if (far >= least) continue;
        least = far;
        nearest = zone.name();
    }
    return nearest;
}

Error unknown_zone(std::string_view name) {
    const std::string nearest = nearest_zone(name);
    std::string text = fmt::format("time zone {} is not known", quoted(name));
    if (!nearest.empty()) text += fmt::format("; did you mean \"{}\"?", nearest);
    return {ErrorKind::invalid, std::move(text)};
}

Result<date::local_days> parse_day(std::string_view text) {
    const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
    const std::optional<int> year = shaped ? digits(text.substr(0, 4), 4, 4) : std::nullopt;
    const std::optional<int> month = shaped ? digits(text.substr(5, 2), 2, 2) : std::nullopt;
    const std::optional<int> day = shaped ? digits(text.substr(8, 2), 2, 2) : std::nullopt;
    if (!year || !month || !day) {
        return invalid(fmt::format("{} is not a day; write it as 2026-12-24", quoted(text)));
    }
    const date::year_month_day found{date::year{*year}, date::month{static_cast<unsigned>(*month)},
                                     date::day{static_cast<unsigned>(*day)}};
    if (!found.ok()) return invalid(fmt::format("{} is not in the calendar", quoted(text)));
    return date::local_days{found};
}

std::optional<seconds> unit_length(char unit) {
    switch (unit) {
        case 's':
            return seconds{1};
        case 'm':
            return std::chrono::minutes{1};
        case 'h':
            return std::chrono::hours{1};
        case 'd':
            return std::chrono::hours{24};
        case 'w':
            return std::chrono::hours{24 * 7};
        default:
            return std::nullopt;
    }
}

// Takes one number and its unit off the front of `rest`; nothing if there is none.
std::optional<seconds> take_part(std::string_view& rest) {
    const std::size_t end = std::min(rest.find_first_not_of("0123456789"), rest.size());
    const std::optional<int> count = digits(rest.substr(0, end), 1, 9);
    const std::optional<seconds> unit = end < rest.size() ? unit_length(rest[end]) : std::nullopt;
    if (!count || !unit) return std::nullopt;
    rest.remove_prefix(end + 1);
    return *count * *unit;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<int> digits(std::string_view text, std::size_t least, std::size_t most) {
    if (text.size() < least || text.size() > std::min<std::size_t>(most, 9)) return std::nullopt;
    if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    return std::accumulate(text.begin(), text.end(), 0,
                           [](int sum, char digit) { return sum * 10 + (digit - '0'); });
}

Result<Zone> Zone::find(std::string_view name) {
    try {
        const auto& zones = date::get_tzdb().zones;
        const auto found =
            std::ranges::find_if(zones, [&](const date::time_zone& zone) { return zone.name() == name; });
        if (found == zones.end()) return tl::unexpected(unknown_zone(name));
        found->get_info(sys_seconds{});  // reads the zone's file now, so that no later call can fail
        Zone zone;
        zone.zone_ = &*found;
        return zone;
    } catch (const std::exception& error) {
        return unavailable(fmt::format("time zone {} cannot be read: {}", quoted(name), error.what()));
    }
}

std::string Zone::name() const { return zone_ == nullptr ? "UTC" : zone_->name(); }

date::local_seconds Zone::local(sys_seconds time) const {
    if (zone_ == nullptr) return date::local_seconds{time.time_since_epoch()};
    return zone_->to_local(time);
}

sys_seconds Zone::instant(date::local_seconds time) const {
    if (zone_ == nullptr) return sys_seconds{time.time_since_epoch()};
    const date::local_info info = zone_->get_info(time);
    if (info.result == date::local_info::nonexistent) return info.second.begin;
    return sys_seconds{time.time_since_epoch() - info.first.offset};
}

Result<DateRange> DateRange::parse(std::string_view text) {
    const std::size_t dots = text.find("..");
    const Result<date::local_days> first = parse_day(trimmed(text.substr(0, dots)));
    if (!first) return tl::unexpected(first.error());
    if (dots == std::string_view::npos) return DateRange{*first, *first};
    const Result<date::local_days> last = parse_day(trimmed(text.substr(dots + 2)));
    if (!last) return tl::unexpected(last.error());
    if (*last < *first) return invalid(fmt::format("{} ends before it begins", quoted(text)));
    return DateRange{*first, *last};
}

Result<seconds> parse_duration(std::string_view text) {
    constexpr seconds longest = std::chrono::hours{24 * 36'525};  // a hundred years: nobody means more
    std::string_view rest = trimmed(text);
    seconds sum{0};
    do {
        const std::optional<seconds> part = take_part(rest);
        if (!part) {
            return invalid(
                fmt::format("{} is not a duration; write numbers with a unit (s, m, h, d or w), such as 90s, "
                            "1h30m or 30d",
                            quoted(text)));
        }
        sum = std::min(sum + *part, longest + seconds{1});
    } while (!rest.empty());
    if (sum > longest) return invalid(fmt::format("{} is longer than a hundred years", quoted(text)));
    if (sum == seconds{0})
        return invalid(fmt::format("{} is no time at all; a duration must be positive", quoted(text)));
    return sum;
}

}  // namespace mailrota::policy
