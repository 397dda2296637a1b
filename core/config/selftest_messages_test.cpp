#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Self-tests: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
    {"a self test",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[alert.tested]
say = "This is a test."
key = "{token}"
escalate = [{ rota = "oncall" }]
[alert.broken]
say = "Self-test {selftest} has failed: {reason}."
escalate = [{ rota = "oncall" }]
[selftest.weekly]
to = "alarm@example.com"
alert = "tested"
by = "10:00"
days = "Mon"
tz = "Europe/London"
alarm = "broken"
tell = ["postmaster@example.com", "ann@example.com"]
[selftest.daily]
to = "alarm@example.com"
from = "test@example.com"
subject = "Disk full"
text = "Token: {token}\n{{as it stands}}\n"
alert = "tested"
every = "1d"
within = "5m"
proof = "acknowledged"
tell = "postmaster@example.com"
[[rule]]
when.subject = '/^\[Self-test (?<token>\w+)\]/'
then = [{ alert = "tested" }]
)",
     {}},
    {"wrong values of a self test",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[alert.tested]
say = "This is a test."
escalate = [{ rota = "oncall" }]
[selftest.empty]
[selftest.wrong]
to = ["alarm@example.com", "ann@example.com"]
from = "nobody at all"
subject = "Störung {ticket}"
text = "no { brace"
alert = "testd"
every = "1h"
by = "10:00"
within = "5s"
proof = "answered"
alarm = "brokn"
tell = "x"
[selftest.blind]
to = "alarm@example.com"
subject = "Disk full"
text = "It is."
alert = "tested"
alarm = "tested"
every = "10m"
days = "Mon-Fri"
[[rule]]
when.subject = "Disk full"
then = [{ alert = "tested" }]
)",
     {"m.toml:12: error: selftest.empty.to: is missing: to whom does the mail go? (hint: write an address "
      "whose mail raises the alert: to = \"alarm@example.com\")",
      "m.toml:12: error: selftest.empty.alert: is missing: whose incident is the mail to open? (hint: write "
      "as in alert = \"emergency\")",
      "m.toml:12: error: selftest.empty: has neither \"every\" nor \"by\" (hint: write as in every = "
      "\"25h\", or by = \"07:00\")",
      "m.toml:12: error: selftest.empty: has neither \"alarm\" nor \"tell\": nobody hears of a failure "
      "(hint: write alarm = \"NAME\" of another alert, or tell = \"postmaster@example.com\")",
      "m.toml:14: error: selftest.wrong.to: takes one address",
      "m.toml:15: error: selftest.wrong.from: the address 'nobody at all' has no \"@\" and domain",
      "m.toml:16: error: selftest.wrong.subject: {ticket} is nothing that a self-test gives (hint: it gives "
      "{token} and {selftest}; a brace is written twice: {{)",
      "m.toml:16: error: selftest.wrong.subject: takes one line of ASCII (hint: put other letters into the "
      "text)",
      "m.toml:17: error: selftest.wrong.text: \"{\" at offset 3 is not closed; a brace itself is written {{",
      "m.toml:18: error: selftest.wrong.alert: there is no alert \"testd\" (hint: did you mean \"tested\"?)",
      "m.toml:20: error: selftest.wrong.by: stands beside \"every\": a self-test has one of the two (hint: "
      "write as in every = \"25h\", or by = \"07:00\")",
      "m.toml:21: error: selftest.wrong.within: \"5s\" is out of range: from 10s to 1d",
      "m.toml:22: error: selftest.wrong.proof: \"answered\" is none of \"raised\", \"sent\", \"delivered\" "
      "or \"acknowledged\"",
      "m.toml:23: error: selftest.wrong.alarm: there is no alert \"brokn\" (hint: known: \"tested\")",
      "m.toml:24: error: selftest.wrong.tell: the address 'x' has no \"@\" and domain",
      "m.toml:25: error: selftest.blind.within: is not shorter than \"every\", unless it is written: the "
      "next one would begin before this one is over",
      "m.toml:27: error: selftest.blind.subject: {token} is in neither the subject nor the text: the "
      "incident is not known again (hint: write as in subject = \"[Self-test {token}] Restore fails\")",
      "m.toml:30: error: selftest.blind.alarm: is the alert that is tested: what breaks it would keep the "
      "alarm back (hint: write another [alert.NAME], with other people or another way to them)",
      "m.toml:32: error: selftest.blind.days: stands beside \"every\", which has no time of day: it would "
      "begin at midnight (hint: write as in by = \"10:00\")"}},
    {"a chain that cannot come through",
     R"([telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
[alert.tested]
say = "This is a test."
key = "always the same"
escalate = [{ rota = "oncall" }]
burst = { mails = 2, within = "5m" }
[alert.broken]
say = "{selftest}: {raeson}, {heartbeat}"
escalate = [{ rota = "oncall" }]
[heartbeat.backup]
alert = "broken"
every = "1d"
[selftest.weekly]
to = "alarm@example.com"
alert = "tested"
alarm = "broken"
every = "7d"
[[rule]]
when.subject = "Backup done"
then = [{ heartbeat = "backup" }]
)",
     {"m.toml:9: warning: alert.tested: is never raised: no rule, heartbeat or self-test names it (hint: "
      "write a "
      "rule with then = [{ alert = \"tested\" }])",
      "m.toml:15: error: alert.broken.say: {raeson} is given by nothing that raises the alert (hint: did you "
      "mean \"reason\"?)",
      "m.toml:17: warning: heartbeat.backup: {selftest} of alert \"broken\" is empty if the heartbeat raises "
      "it (hint: give the heartbeat an alert of its own)",
      "m.toml:20: warning: selftest.weekly: {heartbeat} of alert \"broken\" is empty if the self-test raises "
      "it (hint: give the self-test an alert of its own)",
      "m.toml:22: warning: selftest.weekly.alert: never comes through: no rule raises alert \"tested\" "
      "(hint: write a rule with then = [{ alert = \"tested\" }])",
      "m.toml:22: error: selftest.weekly.alert: the key of alert \"tested\" is the same for every mail: the "
      "token is not in it (hint: write as in key = \"{token}\", with (?<token>…) in the rule, or leave the "
      "key out)",
      "m.toml:22: error: selftest.weekly.alert: alert \"tested\" has a burst: one mail opens no incident "
      "(hint: test an alert without one)"}},
};

class SelftestMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(SelftestMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, SelftestMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
