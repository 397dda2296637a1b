#include "core/policy/rota.h"

#include <gtest/gtest.h>

#include <set>

namespace mailrota::policy {
namespace {

using std::chrono::sys_seconds;
using namespace date::literals;
using namespace std::chrono_literals;

const sys_seconds noon = date::sys_days{2026_y / 3 / 4} + 12h;  // a Wednesday

TEST(Absence, ofAMemberWithoutConditionsIsNone) { EXPECT_EQ(absence({}, {}, noon), Absence::none); }

TEST(Absence, pausedByConfigurationOrByTheStore) {
    Member by_configuration;
    by_configuration.paused = true;
    EXPECT_EQ(absence(by_configuration, {}, noon), Absence::paused);
    MemberState state;
    state.paused = true;
    EXPECT_EQ(absence({}, state, noon), Absence::paused);
    state.paused_until = noon + 1s;
    EXPECT_EQ(absence({}, state, noon), Absence::paused);
    state.paused_until = noon;
    EXPECT_EQ(absence({}, state, noon), Absence::none);
    EXPECT_EQ(absence(by_configuration, state, noon), Absence::paused);
}

TEST(Absence, leaveIsWholeDaysInTheMembersZone) {
    Member member;
    member.zone = Zone::find("America/New_York").value();  // five hours behind UTC here
    member.leave = {DateRange::parse("2026-03-03").value(),
                    DateRange::parse("2026-03-05..2026-03-07").value()};
    struct Case {
        sys_seconds now;
        Absence absence;
    };
    const std::vector<Case> cases{
        {date::sys_days{2026_y / 3 / 3} + 4h + 59min + 59s, Absence::none},
        {date::sys_days{2026_y / 3 / 3} + 5h, Absence::leave},
        {date::sys_days{2026_y / 3 / 4} + 4h + 59min + 59s, Absence::leave},
        {date::sys_days{2026_y / 3 / 4} + 5h, Absence::none},
        {date::sys_days{2026_y / 3 / 5} + 5h, Absence::leave},
        {date::sys_days{2026_y / 3 / 8} + 4h + 59min, Absence::leave},
        {date::sys_days{2026_y / 3 / 8} + 5h, Absence::none},
    };
    for (const Case& one : cases)
        EXPECT_EQ(absence(member, {}, one.now), one.absence) << one.now.time_since_epoch().count();
}

TEST(Absence, hoursFollowTheMembersClockThroughItsChanges) {
    Member member;
    member.zone = Zone::find("Europe/London").value();
    member.hours = Hours::parse("08:00-17:00").value();
    struct Case {
        sys_seconds now;
        Absence absence;
    };
    const std::vector<Case> cases{
        {date::sys_days{2026_y / 3 / 28} + 7h + 59min, Absence::off_hours},  // winter time
        {date::sys_days{2026_y / 3 / 28} + 8h, Absence::none},
        {date::sys_days{2026_y / 3 / 29} + 7h, Absence::none},  // summer time since one o'clock
        {date::sys_days{2026_y / 3 / 29} + 16h, Absence::off_hours},
        {date::sys_days{2026_y / 10 / 25} + 7h, Absence::off_hours},  // winter time again
        {date::sys_days{2026_y / 10 / 25} + 16h + 59min, Absence::none},
    };
    for (const Case& one : cases)
        EXPECT_EQ(absence(member, {}, one.now), one.absence) << one.now.time_since_epoch().count();
}

TEST(Absence, capHoldsUntilTheMembersMidnight) {
    Member member;
    member.zone = Zone::find("Europe/London").value();
    member.max_per_day = 2;
    MemberState state;
    state.day = static_cast<std::int32_t>(
        date::sys_days{2026_y / 3 / 29}.time_since_epoch().count());  // 23 hours long
    state.turns_today = 1;
    EXPECT_EQ(absence(member, state, date::sys_days{2026_y / 3 / 29} + 12h), Absence::none);
    state.turns_today = 2;
    EXPECT_EQ(absence(member, state, date::sys_days{2026_y / 3 / 29}), Absence::cap_reached);
    EXPECT_EQ(absence(member, state, date::sys_days{2026_y / 3 / 29} + 22h + 59min + 59s),
              Absence::cap_reached);
    EXPECT_EQ(absence(member, state, date::sys_days{2026_y / 3 / 29} + 23h), Absence::none);
    state.day = static_cast<std::int32_t>(
        date::sys_days{2026_y / 10 / 25}.time_since_epoch().count());  // 25 hours long
    EXPECT_EQ(absence(member, state, date::sys_days{2026_y / 10 / 24} + 23h), Absence::cap_reached);
    EXPECT_EQ(absence(member, state, date::sys_days{2026_y / 10 / 25} + 23h + 59min), Absence::cap_reached);
    EXPECT_EQ(absence(member, state, date::sys_days{2026_y / 10 / 26}), Absence::none);
}

TEST(Absence, namesTheFirstOfSeveralReasons) {
    Member member;
    MemberState state;
    member.max_per_day = 0;
    EXPECT_EQ(absence(member, state, noon), Absence::cap_reached);
    member.hours = Hours::parse("Sat-Sun").value();
    EXPECT_EQ(absence(member, state, noon), Absence::off_hours);
    member.leave = {DateRange::parse("2026-03-04").value()};
    EXPECT_EQ(absence(member, state, noon), Absence::leave);
    state.paused = true;
    EXPECT_EQ(absence(member, state, noon), Absence::paused);
}

TEST(Words, areDistinct) {
    std::set<std::string_view> absences;
    for (int i = 0; i <= static_cast<int>(Absence::cap_reached); ++i)
        absences.insert(to_string(static_cast<Absence>(i)));
    EXPECT_EQ(absences.size(), 5U);
    std::set<std::string_view> reasons;
    for (int i = 0; i <= static_cast<int>(Choice::Reason::nobody); ++i) {
        reasons.insert(to_string(static_cast<Choice::Reason>(i)));
    }
    EXPECT_EQ(reasons.size(), 8U);
    EXPECT_EQ(to_string(Absence::off_hours), "off hours");
    EXPECT_EQ(to_string(Choice::Reason::first_available), "first available");
}

}  // namespace
}  // namespace mailrota::policy
