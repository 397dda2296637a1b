#pragma once

#include <date/date.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"

namespace date {
class time_zone;
}

namespace mailrota::policy {

// A time zone of the IANA database, or UTC when default-made. A small value; thread-safe.
class Zone {
  public:
    Zone() = default;
    // "Europe/London"; the error names what is not known, with the nearest name if there is one;
    // `unavailable` if the system's database cannot be read. Reads files; the other functions do not.
    static Result<Zone> find(std::string_view name);

    std::string name() const;
    date::local_seconds local(std::chrono::sys_seconds time) const;
    // The first instant that bears this local time; in a gap, the instant at which the gap ends.
    std::chrono::sys_seconds instant(date::local_seconds time) const;

  private:
    const date::time_zone* zone_ = nullptr;
};

// Weekly working hours: "Mon-Fri 08:00-17:00", several joined by commas ("Mon-Thu 08:00-17:00, Fri
// 08:00-12:00, Sat-Sun"). A span may pass midnight ("22:00-06:00" counts from its weekday on); days without
// times are whole days; times without days are every day; a day list may wrap ("Sat-Mon"). The end is not
// included; "24:00" is midnight at the day's end. Whole days come last: "Mon,Wed 08:00-17:00" is refused,
// since it would mean all of Monday.
class Hours {
  public:
    static Result<Hours> parse(std::string_view text);
    bool hold(date::local_seconds time) const;
    // When the hours that hold at this time end, by the clock; the time itself if none do, nothing if they
    // hold all week.
    std::optional<date::local_seconds> end(date::local_seconds time) const;

  private:
    struct Span {
        std::array<bool, 7> days{};  // Sunday first, as date::weekday counts
        std::chrono::minutes from{0};
        std::chrono::minutes until{0};  // after `from`; over 24 h where it passes midnight
    };
    std::vector<Span> spans_;
};

// Whole days, both included: "2026-12-24", "2026-12-24..2027-01-02".
struct DateRange {
    date::local_days first;
    date::local_days last;

    static Result<DateRange> parse(std::string_view text);
    bool hold(date::local_days day) const { return first <= day && day <= last; }
};

// "5m", "12h", "30d", "1h30m", "2w", "90s": positive, units s m h d w, at most a hundred years.
Result<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace mailrota::policy
