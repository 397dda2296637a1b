#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Alerts and heartbeats: each text with everything that is told of it, word for word.
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
    {"nobody places calls",
     R"([rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[alert.fire]
say = "Fire."
acknowledge = "answer"
escalate = [{ rota = "oncall" }]
[alert.water]
say = "Water."
acknowledge = "answer"
escalate = [{ rota = "oncall" }]
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
[[rule]]
when.subject = "*water*"
then = [{ alert = "water" }]
)",
     {"m.toml:3: error: alert.fire: calls nobody: there is no telephone account (hint: write "
      "[telephone.NAME] with account, secret and from)"}},
    {"outbound only",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[alert.fire]
say = "Fire."
escalate = [{ rota = "oncall" }]
acknowledge = "digit"
[alert.water]
say = "Water."
escalate = [{ rota = "oncall" }]
[alert.smoke]
say = "Smoke."
escalate = [{ rota = "oncall" }]
acknowledge = "sms"
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
[[rule]]
when.subject = "*water*"
then = [{ alert = "water" }, { alert = "smoke" }]
)",
     {"m.toml:10: error: alert.fire.acknowledge: is \"digit\", but without a public_url no key that is "
      "pressed comes back to us (hint: write \"sms\" or \"answer\", or [calls] with public_url = "
      "\"https://mail.example.com/call\")",
      "m.toml:11: error: alert.water.acknowledge: is \"digit\" unless it is written, but without a "
      "public_url no key that is pressed comes back to us (hint: write \"sms\" or \"answer\", or [calls] "
      "with public_url = \"https://mail.example.com/call\")",
      "m.toml:17: warning: alert.smoke.acknowledge: is \"sms\", but \"Ann\" of rota \"oncall\" gets none to "
      "reply to (hint: write contact = [\"call\", \"sms\"] there)"}},
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
      "m.toml:21: warning: alert.water: is never raised: no rule and no heartbeat names it (hint: write a "
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
    {"luck that cannot be read",
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
luck = { file = "none.txt" }
[alert.water]
say = "Water."
escalate = [{ rota = "oncall" }]
luck = { file = "vip.list", lines = 3 }
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }, { alert = "water" }]
)",
     {"m.toml:12: warning: alert.fire.luck.file: \"none.txt\" cannot be read: No such file or directory "
      "(hint: until it can, what is spoken has no such line)",
      "m.toml:16: error: alert.water.luck: unknown key \"lines\" (hint: known: \"file\")"}},
    {"never raised",
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
)",
     {"m.toml:9: warning: alert.fire: is never raised: no rule and no heartbeat names it (hint: write a rule "
      "with then = [{ alert = \"fire\" }])"}},
    {"a name that no rule gives",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[alert.fire]
say = "Fire in {room}, {floor}, {romo}, {subject}, {header.X-Id}."
escalate = [{ rota = "oncall" }]
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {"m.toml:10: error: alert.fire.say: {floor} is given by nothing that raises the alert (hint: write a "
      "pattern with (?<floor>…) in the rule)",
      "m.toml:10: error: alert.fire.say: {romo} is given by nothing that raises the alert (hint: did you "
      "mean \"room\"?)"}},
    {"a name that one rule does not give",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[alert.fire]
say = "Fire in {room}, {room}."
key = "{room}"
escalate = [{ rota = "oncall" }]
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
[[rule]]
name = "smoke"
when.subject = '/smoke/'
then = [{ alert = "fire" }]
[[rule]]
name = "all clear"
when.subject = '/all clear/'
then = [{ resolve = "fire" }]
)",
     {"m.toml:20: warning: rule.then.alert: {room} of alert \"fire\" is empty if \"smoke\" raises it (hint: "
      "write a pattern with (?<room>…) in its condition)",
      "m.toml:24: warning: rule.then.resolve: {room} of the key of alert \"fire\" is empty if \"all clear\" "
      "resolves it: it may not find the incident (hint: write a pattern with (?<room>…) in its condition)"}},
    {"names below not give nothing",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[alert.fire]
say = "Fire in {room}."
escalate = [{ rota = "oncall" }]
[[rule]]
when.subject = "*fire*"
when.not.body = '/drill in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {"m.toml:10: error: alert.fire.say: {room} is given by nothing that raises the alert (hint: write a "
      "pattern with (?<room>…) in the rule)"}},
    {"every mail",
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
then = [{ alert = "fire" }]
)",
     {"m.toml:13: warning: rule.then.alert: \"rule 1\" raises the alert for every mail that reaches it "
      "(hint: give it a condition: when.subject = \"…\")"}},
    {"unknown names in rules",
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
[heartbeat.backup]
alert = "fire"
every = "25h"
[[rule]]
when.subject = "*fire*"
then = [{ alert = "fier" }, { resolve = "water" }, { heartbeat = "bakup" }, { alert = 7 }, "alert"]
)",
     {"m.toml:12: warning: heartbeat.backup: never comes: no rule names it, so that its alert is raised "
      "again and again (hint: write a rule with then = [{ heartbeat = \"backup\" }])",
      "m.toml:17: error: rule.then.alert: there is no alert \"fier\" (hint: did you mean \"fire\"?)",
      "m.toml:17: error: rule.then.resolve: there is no alert \"water\" (hint: known: \"fire\")",
      "m.toml:17: error: rule.then.heartbeat: there is no heartbeat \"bakup\" (hint: did you mean "
      "\"backup\"?)",
      "m.toml:17: error: rule.then.alert: takes a string, not an integer",
      "m.toml:17: error: rule.then: \"alert\" is no action of one word (hint: write { alert = … })"}},
};

class AlertMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(AlertMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, AlertMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
