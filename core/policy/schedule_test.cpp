#include <gtest/gtest.h>

#include "core/policy/rota.h"

namespace mailrota::policy {
namespace {

using std::chrono::sys_seconds;
using namespace date::literals;
using namespace std::chrono_literals;

// Members a, b and c; handoff at 09:00 in London; the first period is that of 2026-03-02, a Monday.
Rota oncall(Schedule::Every every) {
    Rota rota;
    rota.strategy = Strategy::schedule;
    for (const char* id : {"a", "b", "c"}) {
        rota.members.emplace_back().id = id;
    }
    rota.schedule = Schedule{.every = every,
                             .weekday = date::Monday,
                             .handoff = 9h,
                             .zone = Zone::find("Europe/London").value(),
                             .start = date::local_days{2026_y / 3 / 2},
                             .overrides = {}};
    return rota;
}

sys_seconds at(date::year_month_day day, std::chrono::seconds time) { return date::sys_days{day} + time; }

struct Case {
    sys_seconds now;
    std::string member;
};

void expect_duty(const Rota& rota, const std::vector<Case>& cases) {
    for (const Case& one : cases) {
        EXPECT_EQ(on_duty(rota, one.now), one.member) << date::format("%F %T", one.now);
    }
}

TEST(Schedule, handsOverWeekly) {
    expect_duty(oncall(Schedule::Every::week),
                {
                    {at(2026_y / 3 / 2, 9h), "a"},
                    {at(2026_y / 3 / 9, 9h - 1s), "a"},
                    {at(2026_y / 3 / 9, 9h), "b"},
                    {at(2026_y / 3 / 16, 9h), "c"},
                    {at(2026_y / 3 / 23, 9h), "a"},
                    {at(2026_y / 3 / 30, 8h - 1s), "a"},  // summer time: 09:00 is 08:00 UTC
                    {at(2026_y / 3 / 30, 8h), "b"},
                    {at(2026_y / 10 / 26, 9h - 1s), "a"},
                    {at(2026_y / 10 / 26, 9h), "b"},
                });
}

TEST(Schedule, goesBackInTheSameOrderBeforeItsStart) {
    expect_duty(oncall(Schedule::Every::week), {
                                                   {at(2026_y / 3 / 2, 9h - 1s), "c"},
                                                   {at(2026_y / 2 / 23, 9h), "c"},
                                                   {at(2026_y / 2 / 23, 9h - 1s), "b"},
                                                   {at(2026_y / 2 / 9, 9h), "a"},
                                                   {at(2026_y / 2 / 9, 9h - 1s), "c"},
                                                   {at(1970_y / 1 / 1, 0s), "a"},  // 2931 weeks before
                                               });
    expect_duty(oncall(Schedule::Every::day), {
                                                  {at(2026_y / 3 / 2, 9h - 1s), "c"},
                                                  {at(2026_y / 3 / 1, 9h - 1s), "b"},
                                                  {at(2026_y / 2 / 27, 9h), "a"},
                                              });
}

TEST(Schedule, beginsWithThePeriodThatHoldsTheStartingDay) {
    Rota rota = oncall(Schedule::Every::week);
    rota.schedule->start = date::local_days{2026_y / 3 / 4};  // a Wednesday
    expect_duty(
        rota, {{at(2026_y / 3 / 2, 9h), "a"}, {at(2026_y / 3 / 9, 9h), "b"}, {at(2026_y / 3 / 2, 8h), "c"}});
    rota.schedule->weekday = date::Friday;
    expect_duty(
        rota,
        {{at(2026_y / 2 / 27, 9h), "a"}, {at(2026_y / 3 / 6, 9h), "b"}, {at(2026_y / 2 / 27, 8h), "c"}});
}

TEST(Schedule, handsOverDailyThroughClockChanges) {
    Rota rota = oncall(Schedule::Every::day);
    expect_duty(rota, {
                          {at(2026_y / 3 / 2, 9h), "a"},
                          {at(2026_y / 3 / 3, 9h - 1s), "a"},
                          {at(2026_y / 3 / 3, 9h), "b"},
                          {at(2026_y / 3 / 5, 9h), "a"},
                      });
    rota.schedule->handoff =
        1h + 30min;  // does not exist on 29 March, when 01:00 becomes 02:00; is there twice on 25 October
    expect_duty(rota, {
                          {at(2026_y / 3 / 28, 1h + 30min), "c"},
                          {at(2026_y / 3 / 29, 1h - 1s), "c"},
                          {at(2026_y / 3 / 29, 1h), "a"},
                          {at(2026_y / 3 / 30, 30min - 1s), "a"},
                          {at(2026_y / 3 / 30, 30min), "b"},
                          {at(2026_y / 10 / 25, 30min - 1s), "c"},
                          {at(2026_y / 10 / 25, 30min), "a"},
                          {at(2026_y / 10 / 25, 1h + 29min), "a"},
                          {at(2026_y / 10 / 25, 1h + 30min), "a"},
                          {at(2026_y / 10 / 26, 1h + 30min - 1s), "a"},
                          {at(2026_y / 10 / 26, 1h + 30min), "b"},
                      });
}

TEST(Schedule, handsOverAtMidnightWhereMidnightIsMissing) {
    Rota rota = oncall(Schedule::Every::day);
    rota.schedule->handoff = 0min;
    rota.schedule->zone =
        Zone::find("Africa/Cairo").value();  // on 2026-04-24 00:00 becomes 01:00, which is 22:00 UTC
    rota.schedule->start = date::local_days{2026_y / 4 / 23};
    expect_duty(rota, {{at(2026_y / 4 / 23, 22h - 1s), "a"},
                       {at(2026_y / 4 / 23, 22h), "b"},
                       {at(2026_y / 4 / 24, 21h), "c"}});
}

TEST(Schedule, letsTheLastOverrideThatHoldsWin) {
    Rota rota = oncall(Schedule::Every::week);
    const auto day = [](int date) { return date::local_days{2026_y / 3 / date}; };
    rota.schedule->overrides = {
        {"b", day(3) + 8h, day(5) + 8h},
        {"c", day(4) + 8h, day(4) + 20h},
        {"left", day(3) + 8h, day(8) + 8h},  // no member: never holds
        {"c", day(31) + 8h, day(31) + 9h},   // in summer time
    };
    expect_duty(rota, {
                          {at(2026_y / 3 / 3, 8h - 1s), "a"},
                          {at(2026_y / 3 / 3, 8h), "b"},
                          {at(2026_y / 3 / 4, 8h), "c"},
                          {at(2026_y / 3 / 4, 20h - 1s), "c"},
                          {at(2026_y / 3 / 4, 20h), "b"},
                          {at(2026_y / 3 / 5, 8h - 1s), "b"},
                          {at(2026_y / 3 / 5, 8h), "a"},
                          {at(2026_y / 3 / 31, 7h), "c"},
                          {at(2026_y / 3 / 31, 8h), "b"},
                      });
}

TEST(Schedule, isNobodysWithoutMembersOrCalendar) {
    Rota rota = oncall(Schedule::Every::week);
    rota.members.clear();
    EXPECT_EQ(on_duty(rota, at(2026_y / 3 / 2, 9h)), std::nullopt);
    EXPECT_EQ(on_duty(Rota{}, at(2026_y / 3 / 2, 9h)), std::nullopt);
}

}  // namespace
}  // namespace mailrota::policy
