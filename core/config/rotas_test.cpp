#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;
using namespace date::literals;

policy::Rota rota_of(std::string_view toml) {
    const Loaded loaded = load_text(toml);
    for (const Diagnostic& diagnostic : loaded.diagnostics) ADD_FAILURE() << diagnostic.to_string();
    return loaded.ok() ? loaded.policy->rotas().at(0) : policy::Rota{};
}

TEST(Rotas, EveryKeyOfARotaAndItsMembersIsRead) {
    const policy::Rota rota = rota_of(R"(
[rota.orders]
addresses = ["orders@example.com", "Sales@example.com"]
sticky = { by = "sender", for = "2d" }
fallback = "office@example.com"
on_error = "pass"
tz = "Europe/Berlin"
[[rota.orders.member]]
address = "Ann@example.com"
weight = 2
hours = "Mon-Fri 08:00-17:00"
tz = "Europe/London"
leave = "2026-12-24..2027-01-02"
[[rota.orders.member]]
address = "ben@example.com"
max_per_day = 40
paused = true
leave = ["2026-05-01", "2026-05-04"]
)");
    EXPECT_THAT(rota.addresses, ElementsAre("orders@example.com", "Sales@example.com"));
    EXPECT_THAT(rota.fallback, ElementsAre("office@example.com"));
    EXPECT_TRUE(rota.pass_on_error);
    ASSERT_TRUE(rota.sticky);
    EXPECT_EQ(rota.sticky->by, policy::Sticky::By::sender);
    EXPECT_EQ(rota.sticky->lasting, 48h);
    ASSERT_EQ(rota.members.size(), 2U);
    const policy::Member& ann = rota.members[0];
    EXPECT_EQ(ann.id, "ann@example.com");
    EXPECT_EQ(ann.target, "Ann@example.com");
    EXPECT_EQ(ann.weight, 2);
    EXPECT_EQ(ann.zone.name(), "Europe/London");
    ASSERT_TRUE(ann.hours);
    EXPECT_TRUE(ann.hours->hold(date::local_days(2026_y / 1 / 5) + 9h));
    EXPECT_FALSE(ann.hours->hold(date::local_days(2026_y / 1 / 5) + 18h));
    ASSERT_EQ(ann.leave.size(), 1U);
    EXPECT_TRUE(ann.leave[0].hold(date::local_days(2027_y / 1 / 2)));
    const policy::Member& ben = rota.members[1];
    EXPECT_EQ(ben.max_per_day, 40);
    EXPECT_TRUE(ben.paused);
    EXPECT_EQ(ben.zone.name(), "Europe/Berlin");
    EXPECT_EQ(ben.leave.size(), 2U);
}

TEST(Rotas, MembersMayMixAddressesAndTables) {
    const policy::Rota rota = rota_of(R"(
[rota.orders]
addresses = "orders@example.com"
strategy = "failover"
members = ["ann@example.com", { address = "ben@example.com", weight = 3 }]
)");
    EXPECT_EQ(rota.strategy, policy::Strategy::failover);
    ASSERT_EQ(rota.members.size(), 2U);
    EXPECT_EQ(rota.members[1].id, "ben@example.com");
    EXPECT_EQ(rota.members[1].weight, 3);
}

TEST(Rotas, AFallbackAloneIsEnough) {
    const policy::Rota rota =
        rota_of("[rota.a]\naddresses = \"a@example.com\"\nmembers = []\nfallback = \"b@example.com\"\n");
    EXPECT_TRUE(rota.members.empty());
    EXPECT_THAT(rota.fallback, ElementsAre("b@example.com"));
}

TEST(Rotas, StickyHasDefaults) {
    const policy::Rota rota =
        rota_of("[rota.a]\naddresses = \"a@example.com\"\nmembers = [\"b@example.com\"]\nsticky = {}\n");
    ASSERT_TRUE(rota.sticky);
    EXPECT_EQ(rota.sticky->by, policy::Sticky::By::thread);
    EXPECT_EQ(rota.sticky->lasting, 30 * 24h);
}

TEST(Rotas, WeeklyScheduleIsRead) {
    const policy::Rota rota = rota_of(R"(
[rota.oncall]
addresses = "oncall@example.com"
strategy = "schedule"
tz = "Europe/Paris"
handoff = "Wed 17:30"
start = 2026-01-07
members = ["ann@example.com", "ben@example.com"]
[[rota.oncall.override]]
member = "Ben@example.com"
from = 2026-12-24T09:00:00
until = 2026-12-27T18:15:00
)");
    ASSERT_TRUE(rota.schedule);
    EXPECT_EQ(rota.schedule->every, policy::Schedule::Every::week);
    EXPECT_EQ(rota.schedule->weekday, date::Wednesday);
    EXPECT_EQ(rota.schedule->handoff, 17h + 30min);
    EXPECT_EQ(rota.schedule->zone.name(), "Europe/Paris");
    EXPECT_EQ(rota.schedule->start, date::local_days(2026_y / 1 / 7));
    ASSERT_EQ(rota.schedule->overrides.size(), 1U);
    EXPECT_EQ(rota.schedule->overrides[0].member, "ben@example.com");
    EXPECT_EQ(rota.schedule->overrides[0].from, date::local_days(2026_y / 12 / 24) + 9h);
    EXPECT_EQ(rota.schedule->overrides[0].until, date::local_days(2026_y / 12 / 27) + 18h + 15min);
}

TEST(Rotas, DailyScheduleIsRead) {
    const policy::Rota rota = rota_of(R"(
[rota.oncall]
addresses = "oncall@example.com"
strategy = "schedule"
rotate = "daily"
handoff = "06:00"
start = 2026-01-07
members = ["ann@example.com", "ben@example.com"]
)");
    ASSERT_TRUE(rota.schedule);
    EXPECT_EQ(rota.schedule->every, policy::Schedule::Every::day);
    EXPECT_EQ(rota.schedule->handoff, 6h);
}

TEST(Rotas, HandoffIsMondayMidnightUnlessWritten) {
    const policy::Rota rota = rota_of(R"(
[rota.oncall]
addresses = "oncall@example.com"
strategy = "schedule"
start = 2026-01-05
members = ["ann@example.com"]
)");
    ASSERT_TRUE(rota.schedule);
    EXPECT_EQ(rota.schedule->weekday, date::Monday);
    EXPECT_EQ(rota.schedule->handoff, 0min);
}

TEST(Rotas, StandInTheOrderOfTheFile) {
    const Loaded loaded = load_text(
        "[rota.z]\naddresses = \"z@example.com\"\nmembers = [\"b@example.com\"]\n"
        "[rota.a]\naddresses = \"a@example.com\"\nmembers = [\"b@example.com\"]\n");
    ASSERT_TRUE(loaded.ok());
    EXPECT_EQ(loaded.policy->rotas()[0].name, "z");
    EXPECT_EQ(loaded.policy->rotas()[1].name, "a");
}

}  // namespace
}  // namespace mailrota::config
