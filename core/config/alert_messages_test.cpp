#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Alerts: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
    {"an alert",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[alert.fire]
say = "Fire."
escalate = [{ rota = "oncall" }]
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {}},
    {"nothing of an alert",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[alert.fire]
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {"m.toml:7: warning: rota.oncall: is never used: no alert names it (hint: write an alert with escalate "
      "= [{ rota = \"oncall\" }])",
      "m.toml:9: error: alert.fire.say: is missing: what is spoken? (hint: write as in say = \"Emergency: "
      "{subject}.\")",
      "m.toml:9: error: alert.fire.escalate: is missing: who is called? (hint: write escalate = [{ rota = "
      "\"oncall\", tries = 3, wait = \"5m\" }])"}},
    {"wrong values of an alert",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[alert.fire]
say = "Fire in {room."
text = ""
key = "{}"
window = "1m"
severity = "fatal"
rounds = 21
fallback = "office"
acknowledge = "key"
escalate = []
burst = { mails = 1 }
luck = { file = "" }
tz = "Mars"
windows = "5m"
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {"m.toml:7: warning: rota.oncall: is never used: no alert names it (hint: write an alert with escalate "
      "= [{ rota = \"oncall\" }])",
      "m.toml:10: error: alert.fire.say: \"{\" at offset 8 is not closed; a brace itself is written {{",
      "m.toml:12: error: alert.fire.key: {} at offset 0 is no name",
      "m.toml:13: error: alert.fire.window: \"1m\" is out of range: from 5m to 90d",
      "m.toml:14: error: alert.fire.severity: \"fatal\" is none of \"info\", \"warning\", \"error\" or "
      "\"critical\"",
      "m.toml:15: error: alert.fire.rounds: 21 is out of range: from 1 to 20",
      "m.toml:16: error: alert.fire.fallback: the address 'office' has no \"@\" and domain",
      "m.toml:17: error: alert.fire.acknowledge: \"key\" is none of \"digit\", \"sms\" or \"answer\"",
      "m.toml:18: error: alert.fire.escalate: is empty: who is called?",
      "m.toml:19: error: alert.fire.burst.within: is missing (hint: write as in burst = { mails = 5, within "
      "= \"10m\" })",
      "m.toml:19: error: alert.fire.burst.mails: 1 is out of range: from 2 to 10000",
      "m.toml:20: error: alert.fire.luck.file: is missing",
      "m.toml:21: error: alert.fire.tz: time zone \"Mars\" is not known; did you mean \"Europe/Paris\"?",
      "m.toml:21: error: alert.fire.tz: is of no use: there are no quiet hours",
      "m.toml:22: error: alert.fire: unknown key \"windows\" (hint: did you mean \"window\"?)"}},
    {"steps",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[rota.orders]
addresses = "orders@example.com"
members = ["ann@example.com"]
[alert.fire]
say = "Fire."
escalate = [
  { rota = "oncal" },
  { rota = "orders", tries = 0, wait = "2d" },
  { tries = 21, wait = "25h" },
  { rota = "oncall", wait = "1m", redial = "2m" },
  "oncall",
]
[alert.water]
say = "Water."
escalate = { rota = "oncall" }
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {"m.toml:15: error: alert.fire.escalate.rota: there is no rota \"oncal\" (hint: did you mean "
      "\"oncall\"?)",
      "m.toml:16: error: alert.fire.escalate.rota: the members of rota \"orders\" are no telephones (hint: "
      "write a rota with members = [{ phone = \"+15550100\" }])",
      "m.toml:16: error: alert.fire.escalate.tries: 0 is out of range: from 1 to 20",
      "m.toml:16: error: alert.fire.escalate.wait: \"2d\" is out of range: from 1s to 1d",
      "m.toml:17: error: alert.fire.escalate.rota: is missing: who is called? (hint: write as in rota = "
      "\"oncall\")",
      "m.toml:17: error: alert.fire.escalate.tries: 21 is out of range: from 1 to 20",
      "m.toml:17: error: alert.fire.escalate.wait: \"25h\" is out of range: from 1s to 1d",
      "m.toml:18: error: alert.fire.escalate.redial: is longer than wait (hint: it is the shorter wait after "
      "a call that reached nobody)",
      "m.toml:19: error: alert.fire.escalate: takes tables, not a string (hint: begin each with "
      "[[alert.fire.escalate]])",
      "m.toml:21: warning: alert.water: is never raised: no rule, heartbeat or self-test names it (hint: "
      "write a "
      "rule with then = [{ alert = \"water\" }])",
      "m.toml:23: error: alert.water.escalate: takes an array of tables, not a table (hint: begin each with "
      "[[alert.water.escalate]])"}},
    {"quiet hours of a critical alert",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[alert.fire]
say = "Fire."
escalate = [{ rota = "oncall" }]
quiet = "22:00-07:00"
[alert.water]
say = "Water."
severity = "critical"
quiet = "22-07"
escalate = [{ rota = "oncall" }]
[alert.smoke]
say = "Smoke."
severity = "error"
quiet = "22:00-07:00"
tz = "Europe/London"
escalate = [{ rota = "oncall" }]
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
[[rule]]
when.subject = "*water*"
then = [{ alert = "water" }, { alert = "smoke" }]
)",
     {"m.toml:12: error: alert.fire.quiet: a critical alert knows no quiet hours, and without a severity it "
      "is critical (hint: write severity = \"error\", or leave quiet out)",
      "m.toml:16: error: alert.water.quiet: \"22-07\" is not a span of times such as \"08:00-17:00\"",
      "m.toml:16: error: alert.water.quiet: a critical alert knows no quiet hours (hint: write severity = "
      "\"error\", or leave quiet out)"}},
    {"zone without quiet hours",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[alert.fire]
say = "Fire."
escalate = [{ rota = "oncall" }]
tz = "Europe/London"
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {"m.toml:12: error: alert.fire.tz: is of no use: there are no quiet hours"}},
    {"burst longer than the window",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[alert.fire]
say = "Fire."
escalate = [{ rota = "oncall" }]
window = "1h"
burst = { mails = 5, within = "2h" }
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {"m.toml:13: error: alert.fire.burst.within: is longer than the window of the alert"}},
};

class AlertMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(AlertMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, AlertMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
