#include "core/policy/calendar.h"

#include <gtest/gtest.h>

namespace mailrota::policy {
namespace {

using std::chrono::sys_seconds;
using namespace date::literals;
using namespace std::chrono_literals;

// 1 March 2026 is a Sunday: day 1 is Sunday, day 7 Saturday.
date::local_seconds week(int day, std::chrono::seconds time) {
    return date::local_days{2026_y / 3 / day} + time;
}

TEST(Zone, isUtcUnlessNamed) {
    const Zone zone;
    EXPECT_EQ(zone.name(), "UTC");
    EXPECT_EQ(zone.local(sys_seconds{5s}).time_since_epoch(), 5s);
    EXPECT_EQ(zone.instant(date::local_seconds{5s}).time_since_epoch(), 5s);
}

TEST(Zone, convertsBothWays) {
    const Zone zone = Zone::find("Europe/London").value();
    EXPECT_EQ(zone.name(), "Europe/London");
    const sys_seconds summer = date::sys_days{2026_y / 7 / 1} + 11h;
    EXPECT_EQ(zone.local(summer), date::local_days{2026_y / 7 / 1} + 12h);
    EXPECT_EQ(zone.instant(date::local_days{2026_y / 7 / 1} + 12h), summer);
}

TEST(Zone, entersAGapAtItsEndAndADoubledHourAtItsFirst) {
    const Zone zone = Zone::find("Europe/London").value();
    EXPECT_EQ(zone.instant(date::local_days{2026_y / 3 / 29} + 1h + 30min),
              date::sys_days{2026_y / 3 / 29} + 1h);
    EXPECT_EQ(zone.instant(date::local_days{2026_y / 10 / 25} + 1h + 30min),
              date::sys_days{2026_y / 10 / 25} + 30min);
}

TEST(Zone, namesTheNearestForOneThatIsNotKnown) {
    struct Case {
        std::string name;
        std::string error;
    };
    const std::vector<Case> cases{
        {"Europe/Lodnon", "time zone \"Europe/Lodnon\" is not known; did you mean \"Europe/London\"?"},
        {"europe/berlin", "time zone \"europe/berlin\" is not known; did you mean \"Europe/Berlin\"?"},
        {"Tokyo", "time zone \"Tokyo\" is not known; did you mean \"Asia/Tokyo\"?"},
        {"Moon/Tranquillity", "time zone \"Moon/Tranquillity\" is not known"},
        {"../../etc/passwd", "time zone \"../../etc/passwd\" is not known"},
        {"", "time zone \"\" is not known"},
        {"a\nb/c\x01 of no place", "time zone \"a b/c  of no place\" is not known"},
    };
    for (const Case& one : cases) {
        const Result<Zone> zone = Zone::find(one.name);
        ASSERT_FALSE(zone);
        EXPECT_EQ(zone.error().text, one.error);
    }
}

TEST(Hours, hold) {
    struct Case {
        std::string hours;
        date::local_seconds time;
        bool hold;
    };
    const std::vector<Case> cases{
        {"Mon-Fri 08:00-17:00", week(2, 8h), true},
        {"Mon-Fri 08:00-17:00", week(2, 8h - 1s), false},
        {"Mon-Fri 08:00-17:00", week(6, 17h - 1s), true},
        {"Mon-Fri 08:00-17:00", week(6, 17h), false},
        {"Mon-Fri 08:00-17:00", week(7, 12h), false},
        {"Mon-Fri 08:00-17:00", week(1, 12h), false},
        {"monday-FRIDAY 8:00-17:00", week(5, 12h), true},
        {"Mon-Thu 08:00-17:00, Fri 08:00-12:00, Sat-Sun", week(6, 12h), false},
        {"Mon-Thu 08:00-17:00, Fri 08:00-12:00, Sat-Sun", week(6, 11h), true},
        {"Mon-Thu 08:00-17:00, Fri 08:00-12:00, Sat-Sun", week(1, 24h - 1s), true},
        {"Mon-Thu 08:00-17:00, Fri 08:00-12:00, Sat-Sun", week(7, 0s), true},
        {"22:00-06:00", week(3, 22h), true},
        {"22:00-06:00", week(3, 6h - 1s), true},
        {"22:00-06:00", week(3, 6h), false},
        {"Fri 22:00-06:00", week(6, 23h), true},  // from Friday on into Saturday
        {"Fri 22:00-06:00", week(7, 5h), true},
        {"Fri 22:00-06:00", week(6, 5h), false},
        {"Sat 22:00-06:00", week(8, 5h), true},  // and over the week's end
        {"Sat 22:00-06:00", week(1, 5h), true},
        {"Sat-Mon", week(7, 12h), true},
        {"Sat-Mon", week(1, 12h), true},
        {"Sat-Mon", week(2, 12h), true},
        {"Sat-Mon", week(3, 0s), false},
        {"Wed", week(4, 24h - 1s), true},
        {"Wed", week(5, 0s), false},
        {"12:00-24:00", week(4, 24h - 1s), true},
        {"12:00-24:00", week(4, 0s), false},
        {"12:00-00:00", week(4, 24h - 1s), true},
        {"12:00-00:00", week(4, 0s), false},
        {" Mon\t08:00-09:00 , Tue 08:00-09:00 ", week(3, 8h), true},
    };
    for (const Case& one : cases) {
        const Result<Hours> hours = Hours::parse(one.hours);
        ASSERT_TRUE(hours) << hours.error().text;
        EXPECT_EQ(hours->hold(one.time), one.hold) << one.hours << " at " << date::format("%a %T", one.time);
    }
}

TEST(Hours, saysWhatIsWrong) {
    struct Case {
        std::string hours;
        std::string error;
    };
    const std::string empty =
        "hours must not be empty or have an empty part; write them as \"Mon-Fri 08:00-17:00\"";
    const std::vector<Case> cases{
        {"", empty},
        {"Mon,", empty},
        {" , Mon", empty},
        {"Mo-Fr 08:00-17:00", "\"Mo-Fr\" is not a weekday or a span of weekdays such as \"Mon-Fri\""},
        {"Mon-", "\"Mon-\" is not a weekday or a span of weekdays such as \"Mon-Fri\""},
        {"Mon-Fri-Sun", "\"Mon-Fri-Sun\" is not a weekday or a span of weekdays such as \"Mon-Fri\""},
        {"weekdays", "\"weekdays\" is not a weekday or a span of weekdays such as \"Mon-Fri\""},
        {"Mondayy", "\"Mondayy\" is not a weekday or a span of weekdays such as \"Mon-Fri\""},
        {"Mon 08:00", "\"08:00\" is not a span of times such as \"08:00-17:00\""},
        {"Mon 8-17", "\"8-17\" is not a span of times such as \"08:00-17:00\""},
        {"Mon 08:00-25:00", "\"08:00-25:00\" is not a span of times such as \"08:00-17:00\""},
        {"Mon 08:00-24:01", "\"08:00-24:01\" is not a span of times such as \"08:00-17:00\""},
        {"Mon 08:60-17:00", "\"08:60-17:00\" is not a span of times such as \"08:00-17:00\""},
        {"24:00-06:00", "\"24:00-06:00\" is not a span of times such as \"08:00-17:00\""},
        {"08:00-17:00 Mon", "\"08:00-17:00 Mon\" is not a span of times such as \"08:00-17:00\""},
        {"08:00-08:00", "\"08:00-08:00\" begins and ends at the same time; a whole day is 00:00-24:00"},
        {"Mon,Wed 08:00-17:00",
         "\"Mon\" has no times before \"Wed 08:00-17:00\"; give it times (a whole day is 00:00-24:00) or put "
         "it last"},
    };
    for (const Case& one : cases) {
        const Result<Hours> hours = Hours::parse(one.hours);
        ASSERT_FALSE(hours) << one.hours;
        EXPECT_EQ(hours.error().text, one.error);
    }
}

TEST(DateRange, isWholeDaysWithBothEnds) {
    const DateRange range = DateRange::parse("2026-12-24 .. 2027-01-02").value();
    EXPECT_FALSE(range.hold(date::local_days{2026_y / 12 / 23}));
    EXPECT_TRUE(range.hold(date::local_days{2026_y / 12 / 24}));
    EXPECT_TRUE(range.hold(date::local_days{2027_y / 1 / 2}));
    EXPECT_FALSE(range.hold(date::local_days{2027_y / 1 / 3}));
    const DateRange leap = DateRange::parse("2028-02-29").value();
    EXPECT_EQ(leap.first, date::local_days{2028_y / 2 / 29});
    EXPECT_EQ(leap.last, leap.first);
}

TEST(DateRange, saysWhatIsWrong) {
    struct Case {
        std::string range;
        std::string error;
    };
    const std::vector<Case> cases{
        {"", "\"\" is not a day; write it as 2026-12-24"},
        {"24.12.2026", "\"24.12.2026\" is not a day; write it as 2026-12-24"},
        {"2026-12-24..", "\"\" is not a day; write it as 2026-12-24"},
        {"2026-1-2", "\"2026-1-2\" is not a day; write it as 2026-12-24"},
        {"2026-02-29", "\"2026-02-29\" is not in the calendar"},
        {"2026-13-01..2026-13-02", "\"2026-13-01\" is not in the calendar"},
        {"2026-12-24..2026-12-23", "\"2026-12-24..2026-12-23\" ends before it begins"},
    };
    for (const Case& one : cases) {
        const Result<DateRange> range = DateRange::parse(one.range);
        ASSERT_FALSE(range) << one.range;
        EXPECT_EQ(range.error().text, one.error);
    }
}

TEST(Duration, sumsItsParts) {
    struct Case {
        std::string text;
        std::chrono::seconds duration;
    };
    const std::vector<Case> cases{{"5m", 5min},     {"12h", 12h},           {"30d", 24h * 30},
                                  {"1h30m", 90min}, {"2w", 24h * 14},       {" 90s ", 90s},
                                  {"0h1s", 1s},     {"36525d", 24h * 36525}};
    for (const Case& one : cases) EXPECT_EQ(parse_duration(one.text), one.duration) << one.text;
}

TEST(Duration, saysWhatIsWrong) {
    const std::string shape =
        " is not a duration; write numbers with a unit (s, m, h, d or w), such as 90s, 1h30m or 30d";
    struct Case {
        std::string text;
        std::string error;
    };
    const std::vector<Case> cases{
        {"", "\"\"" + shape},
        {"5", "\"5\"" + shape},
        {"m", "\"m\"" + shape},
        {"5M", "\"5M\"" + shape},
        {"-5m", "\"-5m\"" + shape},
        {"5 m", "\"5 m\"" + shape},
        {"1h30", "\"1h30\"" + shape},
        {"99999999999w", "\"99999999999w\"" + shape},
        {"0s", "\"0s\" is no time at all; a duration must be positive"},
        {"36526d", "\"36526d\" is longer than a hundred years"},
        {"999999999w999999999w", "\"999999999w999999999w\" is longer than a hundred years"},
    };
    for (const Case& one : cases) {
        const Result<std::chrono::seconds> duration = parse_duration(one.text);
        ASSERT_FALSE(duration) << one.text;
        EXPECT_EQ(duration.error().text, one.error);
    }
}

}  // namespace
}  // namespace mailrota::policy
