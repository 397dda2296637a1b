#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/policy/escalation_sample.h"

namespace mailrota::policy {
namespace {

using namespace sample;
using testing::ElementsAre;
using testing::SizeIs;
using Way = ContactWay;

const std::string ann = "+15550101";
const std::string ben = "+15550102";

std::vector<std::string> lines(const std::vector<Foreseen>& foreseen) {
    std::vector<std::string> lines;
    for (const auto& one : foreseen)
        lines.push_back(fmt::format("{} {}{}", (one.at - three_at_night).count(), one.what.event,
                                    one.contact ? " " + one.contact->member : std::string()));
    return lines;
}

TEST(Timeline, TellsWhoIsCalledWhenAndHowItEnds) {
    const std::vector<Rota> rotas{
        phones("oncall", Strategy::failover, {phone("Ann", ann, {Way::call, Way::sms})}),
        phones("backup", Strategy::failover, {phone("Ben", ben)})};
    const auto two = alert({{"oncall", 1, minutes{5}}, {"backup", 2, minutes{5}}});
    const auto foreseen = timeline(two, opened(two), on_call(rotas), three_at_night);
    EXPECT_THAT(lines(foreseen), ElementsAre("0 call " + ann, "30 sms " + ann, "300 call " + ben,
                                             "390 call " + ben, "480 exhausted"));
    EXPECT_EQ(foreseen[0].what.text, "step 1 of 2: call to Ann, try 1 of 1");
    EXPECT_EQ(foreseen[0].contact->number, ann);
}

TEST(Timeline, KnowsHowLongItRingsAndQuietHours) {
    const std::vector<Rota> rotas{phones("oncall", Strategy::failover, {phone("Ann", ann)})};
    auto quiet = alert({{"oncall", 2, minutes{5}}});
    quiet.severity = Severity::warning;
    quiet.quiet = *Hours::parse("22:00-06:00");
    const auto foreseen = timeline(quiet, opened(quiet), on_call(rotas), three_at_night, seconds{60});
    EXPECT_THAT(lines(foreseen),
                ElementsAre("0 postponed", "10800 call " + ann, "10920 call " + ann, "11040 exhausted"));
}

TEST(Timeline, IsBounded) {
    const std::vector<Rota> rotas{phones("oncall", Strategy::failover, {phone("Ann", ann)})};
    auto many = alert({{"oncall", 20, minutes{5}}});
    many.rounds = 20;
    EXPECT_THAT(timeline(many, opened(many), on_call(rotas), three_at_night), SizeIs(100));
    EXPECT_THAT(timeline(many, opened(many), on_call(rotas), three_at_night, seconds{30}, 7), SizeIs(7));
}

// Ten years of an alert at ten in the evening, quiet from nine to seven: the call comes at seven by the clock
// of the day, whether clocks changed that night or not; one in the quiet hour that a clock shows twice, too.
TEST(Timeline, QuietHoursEndByTheClockOfTheDayForYears) {
    const std::vector<Rota> rotas{phones("oncall", Strategy::failover, {phone("Ann", ann)})};
    auto quiet = alert({{"oncall", 1, minutes{5}}});
    quiet.severity = Severity::error;
    quiet.quiet = *Hours::parse("21:00-07:00");
    quiet.window = minutes{5};
    for (const auto* name : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"}) {
        quiet.zone = *Zone::find(name);
        auto day = date::local_days(date::year{2026} / 1 / 1);
        for (; day < date::local_days(date::year{2036} / 12 / 31); day += date::days{3}) {
            const auto evening = quiet.zone.instant(day + hours{22});
            const auto foreseen = timeline(quiet, opened(quiet, evening), on_call(rotas), evening);
            ASSERT_THAT(foreseen, SizeIs(3)) << name;
            EXPECT_EQ(quiet.zone.local(foreseen[1].at), date::local_seconds(day) + hours{24 + 7}) << name;
        }
    }
}

// On 2026-10-25 Berlin's clocks go from 03:00 back to 02:00: quiet until 02:30 is so twice.
TEST(Timeline, QuietHoursThatAClockShowsTwiceHoldTwice) {
    const std::vector<Rota> rotas{phones("oncall", Strategy::failover, {phone("Ann", ann)})};
    auto quiet = alert({{"oncall", 2, minutes{40}, minutes{40}}});
    quiet.severity = Severity::error;
    quiet.quiet = *Hours::parse("22:00-02:30");
    quiet.zone = *Zone::find("Europe/Berlin");
    const Instant midnight = date::sys_days{date::year{2026} / 10 / 24} + hours{22};
    const auto foreseen = timeline(quiet, opened(quiet, midnight), on_call(rotas), midnight);
    ASSERT_THAT(foreseen, SizeIs(5));
    EXPECT_EQ(foreseen[1].at, midnight + minutes{150}) << "the first 02:30";
    EXPECT_EQ(foreseen[2].what.event, "postponed");
    EXPECT_EQ(foreseen[3].at, midnight + minutes{210}) << "the second 02:30";
}

TEST(Timeline, QuietHoursWithoutEndNeverCallAndEndWithTheWindow) {
    const std::vector<Rota> rotas{phones("oncall", Strategy::failover, {phone("Ann", ann)})};
    auto quiet = alert({{"oncall", 2, minutes{5}}});
    quiet.severity = Severity::error;
    quiet.quiet = *Hours::parse("Mon-Sun");
    EXPECT_THAT(lines(timeline(quiet, opened(quiet), on_call(rotas), three_at_night)),
                ElementsAre("0 postponed", "43200 exhausted"));
}

// Who is on duty is asked when a step begins, over every handoff and change of clocks of ten years.
TEST(Timeline, TheStepFallsOnWhoIsOnDutyForYears) {
    auto rota = phones("oncall", Strategy::schedule, {phone("Ann", ann), phone("Ben", ben)});
    rota.schedule = Schedule{};
    rota.schedule->every = Schedule::Every::week;
    rota.schedule->weekday = date::Monday;
    rota.schedule->handoff = hours{2} + minutes{30};
    rota.schedule->zone = *Zone::find("Europe/Berlin");
    rota.schedule->start = date::local_days(date::year{2026} / 1 / 5);
    const std::vector<Rota> rotas{rota};
    const auto one = alert({{"oncall", 1, minutes{5}}});
    int handoffs = 0;
    std::string last;
    for (Instant time = date::sys_days(date::year{2026} / 1 / 1);
         time < date::sys_days(date::year{2036} / 12 / 31); time += hours{25}) {
        const auto foreseen = timeline(one, opened(one, time), on_call(rotas), time);
        ASSERT_THAT(foreseen, SizeIs(2));
        EXPECT_EQ(foreseen[0].contact->member, on_duty(rotas[0], time));
        handoffs += foreseen[0].contact->member != last;
        last = foreseen[0].contact->member;
    }
    EXPECT_NEAR(handoffs, 11 * 52, 5);
}

}  // namespace
}  // namespace mailrota::policy
