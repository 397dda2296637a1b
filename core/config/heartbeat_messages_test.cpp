#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Heartbeats: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
    {"a heartbeat",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[alert.fire]
say = "{heartbeat} did not come."
escalate = [{ rota = "oncall" }]
[heartbeat.backup]
alert = "fire"
by = "07:00"
days = "Mon-Fri"
tz = "Europe/London"
grace = "30m"
[[rule]]
when.subject = "Backup done"
then = [{ heartbeat = "backup" }]
)",
     {}},
    {"a heartbeat and a rule raise it",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[alert.fire]
say = "{heartbeat} did not come, {room}."
escalate = [{ rota = "oncall" }]
[heartbeat.backup]
alert = "fire"
every = "1d"
[[rule]]
when.subject = "Backup done"
then = [{ heartbeat = "backup" }]
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {"m.toml:12: warning: heartbeat.backup: {room} of alert \"fire\" is empty if the heartbeat raises it "
      "(hint: give the heartbeat an alert of its own)",
      "m.toml:21: warning: rule.then.alert: {heartbeat} of alert \"fire\" is empty if \"fire\" raises it "
      "(hint: write a pattern with (?<heartbeat>…) in its condition)"}},
    {"wrong values of a heartbeat",
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
[heartbeat.mirror]
alert = "fier"
every = "1m"
by = "25:00"
days = "Mon-Fri 08:00-09:00"
grace = "8d"
[heartbeat.tape]
alert = "fire"
every = "1d"
tz = "Europe/London"
[heartbeat.disk]
alert = "fire"
by = "00:00"
days = "Mondays"
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {"m.toml:12: error: heartbeat.backup.alert: is missing: what is raised when the mail does not come? "
      "(hint: write as in alert = \"emergency\")",
      "m.toml:12: error: heartbeat.backup: has neither \"every\" nor \"by\" (hint: write as in every = "
      "\"25h\", or by = \"07:00\")",
      "m.toml:12: warning: heartbeat.backup: never comes: no rule names it, so that its alert is raised "
      "again and again (hint: write a rule with then = [{ heartbeat = \"backup\" }])",
      "m.toml:13: warning: heartbeat.mirror: never comes: no rule names it, so that its alert is raised "
      "again and again (hint: write a rule with then = [{ heartbeat = \"mirror\" }])",
      "m.toml:14: error: heartbeat.mirror.alert: there is no alert \"fier\" (hint: did you mean \"fire\"?)",
      "m.toml:15: error: heartbeat.mirror.every: \"1m\" is out of range: from 5m to 366d",
      "m.toml:16: error: heartbeat.mirror.by: stands beside \"every\": a heartbeat has one of the two (hint: "
      "write as in every = \"25h\", or by = \"07:00\")",
      "m.toml:16: error: heartbeat.mirror.by: \"25:00\" is no time after midnight (hint: write as in "
      "\"07:00\")",
      "m.toml:17: error: heartbeat.mirror.days: \"Mon-Fri 08:00-09:00\" has times in it: it takes whole days "
      "(hint: write as in \"Mon-Fri\")",
      "m.toml:18: error: heartbeat.mirror.grace: \"8d\" is out of range: from 1s to 7d",
      "m.toml:19: warning: heartbeat.tape: never comes: no rule names it, so that its alert is raised again "
      "and again (hint: write a rule with then = [{ heartbeat = \"tape\" }])",
      "m.toml:22: error: heartbeat.tape.tz: is of no use: \"every\" knows no time of day (hint: leave it "
      "out, or write by)",
      "m.toml:23: warning: heartbeat.disk: never comes: no rule names it, so that its alert is raised again "
      "and again (hint: write a rule with then = [{ heartbeat = \"disk\" }])",
      "m.toml:25: error: heartbeat.disk.by: \"00:00\" is no time after midnight (hint: write as in "
      "\"07:00\")",
      "m.toml:26: error: heartbeat.disk.days: \"Mondays\" is not a weekday or a span of weekdays such as "
      "\"Mon-Fri\" (hint: write as in \"Mon-Fri\")"}},
};

class HeartbeatMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(HeartbeatMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, HeartbeatMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
