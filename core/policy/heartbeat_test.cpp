#include <gtest/gtest.h>

#include "core/policy/escalation_sample.h"

namespace mailrota::policy {
namespace {

using namespace sample;

Zone berlin() { return *Zone::find("Europe/Berlin"); }
Instant at(date::year_month_day day, seconds time) { return date::sys_days{day} + time; }
date::year_month_day day(int year, unsigned month, unsigned of_month) {
    return date::year{year} / date::month{month} / date::day{of_month};
}

Heartbeat every(seconds period, seconds grace = seconds{0}) {
    Heartbeat heartbeat;
    heartbeat.name = "backup";
    heartbeat.every = period;
    heartbeat.grace = grace;
    return heartbeat;
}
Heartbeat by(minutes time, const char* days = nullptr) {
    Heartbeat heartbeat;
    heartbeat.name = "backup";
    heartbeat.by = time;
    heartbeat.zone = berlin();
    heartbeat.grace = minutes{10};
    if (days) heartbeat.days = *Hours::parse(days);
    return heartbeat;
}

TEST(Heartbeat, EveryCountsFromTheLastOneOrFromItsBeginning) {
    const auto begun = at(day(2026, 3, 2), hours{8});
    EXPECT_EQ(overdue_at(every(hours{1}, minutes{5}), begun, {}), begun + minutes{65});
    EXPECT_EQ(overdue_at(every(hours{1}, minutes{5}), begun, begun + hours{7}), begun + minutes{485});
}

TEST(Heartbeat, EverySkipsDaysOnWhichNothingIsExpected) {
    auto weekdays = every(hours{1});
    weekdays.days = *Hours::parse("Mon-Fri");
    const auto friday_night = at(day(2026, 11, 27), hours{23} + minutes{30});
    EXPECT_EQ(overdue_at(weekdays, friday_night, friday_night), at(day(2026, 11, 30), hours{1}));
}

TEST(Heartbeat, ByIsDueOnTheNextDayAfterItWasHeardOf) {
    const auto tuesday = at(day(2026, 11, 24), hours{5});  // 06:00 in Berlin
    const auto wednesday = at(day(2026, 11, 25), hours{6} + minutes{10});
    EXPECT_EQ(overdue_at(by(hours{7}), tuesday - hours{999}, tuesday), wednesday);
    EXPECT_EQ(overdue_at(by(hours{7}), tuesday, {}), wednesday);
    // Too late is heard of, too.
    EXPECT_EQ(overdue_at(by(hours{7}), tuesday - hours{999}, tuesday + hours{15}), wednesday);
}

TEST(Heartbeat, ByKeepsToItsDaysAndItsClock) {
    const auto friday = at(day(2026, 3, 27), hours{5});
    EXPECT_EQ(overdue_at(by(hours{7}, "Mon-Fri"), friday, friday),
              at(day(2026, 3, 30), hours{5} + minutes{10}))
        << "summer time began on Sunday";
    EXPECT_EQ(overdue_at(by(hours{2} + minutes{30}), friday, friday + date::days{1}),
              at(day(2026, 3, 29), hours{1} + minutes{10}))
        << "02:30 does not exist on that day, its gap ends at 03:00";
}

TEST(Heartbeat, TheNextOneAfterAnAlarmIsHadFromTheAlarm) {
    const auto heartbeat = by(hours{7});
    auto overdue = overdue_at(heartbeat, at(day(2026, 1, 1), seconds{0}), {});
    for (int i = 0; i < 365 * 10; ++i) {
        const auto next = overdue_at(heartbeat, {}, overdue - heartbeat.grace);
        const auto local = heartbeat.zone.local(next);
        EXPECT_EQ(local - date::floor<date::days>(local), hours{7} + minutes{10});
        EXPECT_GE(next - overdue, hours{23});
        EXPECT_LE(next - overdue, hours{25});
        overdue = next;
    }
}

TEST(Heartbeat, WhatDidNotComeRaisesItsAlert) {
    auto alert = sample::alert({{"oncall"}});
    alert.say = "{heartbeat} did not come";
    alert.key = "{ticket}";
    const auto trigger = missed(by(hours{7}), alert);
    EXPECT_EQ(trigger.alert, "emergency");
    EXPECT_EQ(trigger.say, "backup did not come");
    EXPECT_EQ(trigger.text, "backup did not come");
    EXPECT_EQ(trigger.key, "backup");
    EXPECT_EQ(trigger.rule, "heartbeat backup");
    EXPECT_EQ(trigger.lines.size(), 1U);
    alert.say = "";
    EXPECT_EQ(missed(by(hours{7}), alert).say, "No mail has come of backup");
}

}  // namespace
}  // namespace mailrota::policy
