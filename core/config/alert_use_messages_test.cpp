#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Alerts among files, accounts, rules and what rules name in them: each text with everything that is told of
// it, word for word.
const MessageCase cases[] = {
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
     {"m.toml:9: warning: alert.fire: is never raised: no rule, heartbeat or self-test names it (hint: write "
      "a rule "
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

class AlertUseMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(AlertUseMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, AlertUseMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
