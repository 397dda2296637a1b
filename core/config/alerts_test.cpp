#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;
using namespace date::literals;
using policy::ContactWay;

constexpr std::string_view calls = R"(
[telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
)";
constexpr std::string_view oncall = R"(
[rota.oncall]
members = [{ phone = "+15550101" }]
)";
constexpr std::string_view rule = R"(
[[rule]]
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)";

std::shared_ptr<const policy::Policy> policy_of(std::initializer_list<std::string_view> parts) {
    std::string toml;
    for (const auto part : parts) toml += part;
    const Loaded loaded = load_text(toml);
    for (const Diagnostic& diagnostic : loaded.diagnostics) ADD_FAILURE() << diagnostic.to_string();
    return loaded.ok()
               ? loaded.policy
               : std::make_shared<policy::Policy>(std::vector<policy::Rule>{}, std::vector<policy::Rota>{});
}

TEST(Alerts, HaveDefaults) {
    const auto policy = policy_of(
        {calls, oncall, "[alert.fire]\nsay = \"Fire.\"\nescalate = [{ rota = \"oncall\" }]\n", rule});
    const policy::Alert* alert = policy->alert("fire");
    ASSERT_NE(alert, nullptr);
    EXPECT_EQ(alert->say, "Fire.");
    EXPECT_EQ(alert->window, 12h);
    EXPECT_EQ(alert->severity, policy::Severity::critical);
    EXPECT_EQ(alert->acknowledge, policy::Acknowledge::digit);
    EXPECT_EQ(alert->rounds, 1);
    EXPECT_FALSE(alert->quiet);
    EXPECT_FALSE(alert->burst);
    EXPECT_THAT(alert->luck, IsEmpty());
    ASSERT_EQ(alert->escalate.size(), 1U);
    EXPECT_EQ(alert->escalate[0].tries, 1);
    EXPECT_EQ(alert->escalate[0].wait, 300s);
    EXPECT_EQ(alert->escalate[0].redial, 60s);
}

TEST(Alerts, EveryKeyIsRead) {
    const auto policy = policy_of({calls, oncall, R"(
[alert.fire]
say = "Fire in {room}."
text = "{room} burns"
key = "{room}"
window = "2d"
severity = "warning"
rounds = 2
fallback = ["office@example.com"]
acknowledge = "answer"
quiet = "22:00-07:00"
tz = "Europe/London"
burst = { mails = 5, within = "10m" }
luck = { file = "vip.list" }
[[alert.fire.escalate]]
rota = "oncall"
tries = 3
wait = "30s"
[[alert.fire.escalate]]
rota = "oncall"
wait = "1h"
redial = "2m"
)",
                                   rule});
    const policy::Alert& alert = policy->alerts().at(0);
    EXPECT_EQ(alert.text, "{room} burns");
    EXPECT_EQ(alert.key, "{room}");
    EXPECT_EQ(alert.window, 48h);
    EXPECT_EQ(alert.severity, policy::Severity::warning);
    EXPECT_EQ(alert.rounds, 2);
    EXPECT_THAT(alert.fallback, ElementsAre("office@example.com"));
    EXPECT_EQ(alert.acknowledge, policy::Acknowledge::answer);
    ASSERT_TRUE(alert.quiet);
    EXPECT_TRUE(alert.quiet->hold(date::local_days(2026_y / 1 / 5) + 23h));
    EXPECT_EQ(alert.zone.name(), "Europe/London");
    ASSERT_TRUE(alert.burst);
    EXPECT_EQ(alert.burst->mails, 5);
    EXPECT_EQ(alert.burst->within, 10min);
    EXPECT_THAT(alert.luck, ElementsAre("ann@example.com"));
    ASSERT_EQ(alert.escalate.size(), 2U);
    EXPECT_EQ(alert.escalate[0].tries, 3);
    EXPECT_EQ(alert.escalate[0].redial, 30s) << "never longer than wait";
    EXPECT_EQ(alert.escalate[1].redial, 2min);
}

TEST(Alerts, RulesRaiseResolveAndBeat) {
    const auto policy = policy_of({calls, oncall, R"(
[alert.fire]
say = "Fire."
escalate = [{ rota = "oncall" }]
[heartbeat.backup]
alert = "fire"
by = "07:30"
days = "Mon-Fri"
tz = "Europe/London"
grace = "15m"
[heartbeat.mirror]
alert = "fire"
every = "25h"
[[rule]]
when.subject = "*fire*"
then = [{ alert = "fire" }, { copy = "office@example.com" }]
[[rule]]
when.subject = "*over*"
then = [{ resolve = "fire" }, { heartbeat = "backup" }, { heartbeat = "mirror" }]
)"});
    const auto& first = policy->rules().at(0).then;
    EXPECT_EQ(std::get<policy::Raise>(first.at(0)).alert, "fire");
    const auto& second = policy->rules().at(1).then;
    EXPECT_EQ(std::get<policy::Resolve>(second.at(0)).alert, "fire");
    EXPECT_EQ(std::get<policy::Beat>(second.at(1)).heartbeat, "backup");
    ASSERT_EQ(policy->heartbeats().size(), 2U);
    const policy::Heartbeat& backup = policy->heartbeats()[0];
    EXPECT_EQ(backup.name, "backup");
    EXPECT_EQ(backup.alert, "fire");
    EXPECT_EQ(backup.by, 7h + 30min);
    ASSERT_TRUE(backup.days);
    EXPECT_FALSE(backup.days->hold(date::local_days(2026_y / 1 / 4) + 12h)) << "a Sunday";
    EXPECT_EQ(backup.zone.name(), "Europe/London");
    EXPECT_EQ(backup.grace, 15min);
    EXPECT_EQ(policy->heartbeats()[1].every, 25h);
}

TEST(Alerts, ARuleThatRaisesOneMatchesInDoubt) {
    const auto on_limit = [](std::string_view more) {
        const auto policy =
            policy_of({calls, oncall, "[alert.fire]\nsay = \"Fire.\"\nescalate = [{ rota = \"oncall\" }]\n",
                       rule, more});
        return policy->rules().at(0).on_limit;
    };
    EXPECT_EQ(on_limit(""), policy::OnLimit::match);
    EXPECT_EQ(on_limit("on_limit = \"defer\"\n"), policy::OnLimit::defer);
}

TEST(Alerts, MembersAreTelephones) {
    const auto policy = policy_of({calls, R"(
[rota.oncall]
strategy = "schedule"
start = 2026-01-05
tz = "Europe/London"
members = [
  { phone = "+15550101", name = "Ann", sms = "+15550111", contact = ["sms", "call"], language = "es-419", voice = "Polly.Mía" },
  { phone = "+15550102", name = "Ben", hours = "Mon-Fri 08:00-17:00", tz = "Europe/Paris", paused = true },
]
[[rota.oncall.override]]
member = "ben"
from = 2026-12-24T09:00:00
until = 2026-12-25T09:00:00
[alert.fire]
say = "Fire."
escalate = [{ rota = "oncall" }]
)",
                                   rule});
    const policy::Rota& rota = policy->rotas().at(0);
    ASSERT_EQ(rota.members.size(), 2U);
    const policy::Member& ann = rota.members[0];
    EXPECT_EQ(ann.kind, policy::Member::Kind::phone);
    EXPECT_EQ(ann.id, "+15550101");
    EXPECT_EQ(ann.target, "+15550101");
    EXPECT_EQ(ann.name, "Ann");
    EXPECT_EQ(ann.sms, "+15550111");
    EXPECT_THAT(ann.ways, ElementsAre(ContactWay::sms, ContactWay::call));
    EXPECT_EQ(ann.language, "es-419");
    EXPECT_EQ(ann.voice, "Polly.Mía");
    EXPECT_EQ(ann.zone.name(), "Europe/London");
    const policy::Member& ben = rota.members[1];
    EXPECT_THAT(ben.ways, ElementsAre(ContactWay::call));
    EXPECT_TRUE(ben.hours);
    EXPECT_TRUE(ben.paused);
    EXPECT_EQ(ben.zone.name(), "Europe/Paris");
    ASSERT_TRUE(rota.schedule);
    ASSERT_EQ(rota.schedule->overrides.size(), 1U);
    EXPECT_EQ(rota.schedule->overrides[0].member, "+15550102");
}

TEST(Alerts, DkimAsksOurVerifier) {
    const auto policy = policy_of({"[authentication]\nauthserv_id = \"mx.example.com\"\n",
                                   "[[rule]]\nwhen.dkim = \"*.example.net\"\nthen = \"stop\"\n"});
    const auto& all = std::get<policy::All>(policy->rules().at(0).when.node);
    const auto& test = std::get<policy::FieldTest>(all.of.at(0).node);
    EXPECT_EQ(test.field, policy::Field::dkim);
    EXPECT_EQ(test.header_name, "mx.example.com");
}

}  // namespace
}  // namespace mailrota::config
