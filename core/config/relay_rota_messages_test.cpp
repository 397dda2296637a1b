#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Rotas of providers: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
    {"rota of providers",
     R"([provider.sg]
kind = "sendgrid"
api_key = { file = "/a" }
webhook = { secret = { file = "/b" } }
[provider.own]
kind = "smtp"
host = "mail.example.com:587"
[listener.relay]
protocol = "smtp"
socket = "inet:2525@127.0.0.1"
[rota.outbound]
strategy = "failover"
hold = "30m"
uncertain = "hold"
uncertain_hold = "2h"
[[rota.outbound.member]]
provider = "sg"
[[rota.outbound.member]]
provider = "own"
[rota.bulk]
strategy = "round-robin"
uncertain = "next"
members = [{ provider = "sg", weight = 3 }, { provider = "own" }]
[[rule]]
name = "bulk"
when.listener = "relay"
when.sender = "news@example.com"
then = [{ relay = "bulk" }]
[[rule]]
name = "rest"
when.listener = "relay"
then = [{ relay = "outbound" }]
)",
     {"m.toml:1: warning: provider.sg: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:1: warning: provider: the envelope sender does not stay with mail that goes by \"sg\": bounces "
      "go to the provider and come back as events only (hint: where others must see the sender's address, "
      "use a provider of kind smtp)"}},
    {"what only people have",
     R"([provider.sg]
kind = "sendgrid"
api_key = { file = "/a" }
webhook = { secret = { file = "/b" } }
[provider.own]
kind = "smtp"
host = "mail.example.com:587"
[rota.outbound]
addresses = "orders@example.com"
sticky = { by = "thread" }
fallback = "office@example.com"
on_error = "pass"
tz = "UTC"
rotate = "daily"
handoff = "09:00"
start = 2026-01-05
override = []
members = [{ provider = "sg", hours = "Mon-Fri 08:00-17:00", leave = "2026-05-01" }, { provider = "own", max_per_day = 3, tz = "UTC", paused = true }]
[rota.people]
addresses = "people@example.com"
members = ["ann@example.com"]
hold = "1h"
uncertain = "next"
uncertain_hold = "1h"
)",
     {"m.toml:1: warning: provider.sg: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:1: warning: provider: the envelope sender does not stay with mail that goes by \"sg\": bounces "
      "go to the provider and come back as events only (hint: where others must see the sender's address, "
      "use a provider of kind smtp)",
      "m.toml:8: warning: rota.outbound: is never used: no rule names it (hint: write a rule with then = [{ "
      "relay = \"outbound\" }])",
      "m.toml:9: error: rota.outbound.addresses: is of no use: providers carry mail out, and nobody writes "
      "to them (hint: write a rule with then = [{ relay = \"…\" }])",
      "m.toml:10: error: rota.outbound.sticky: is of no use: its members are providers",
      "m.toml:11: error: rota.outbound.fallback: is of no use: without a provider that works the mail waits "
      "in the MTA's queue (hint: write the provider of last resort as the last member)",
      "m.toml:12: error: rota.outbound.on_error: is of no use: when the store is away, mail to providers is "
      "always deferred (hint: a mail might be sent twice otherwise)",
      "m.toml:13: error: rota.outbound.tz: is of no use: its members are providers",
      "m.toml:14: error: rota.outbound.rotate: is of no use: its members are providers",
      "m.toml:15: error: rota.outbound.handoff: is of no use: its members are providers",
      "m.toml:16: error: rota.outbound.start: is of no use: its members are providers",
      "m.toml:17: error: rota.outbound.override: is of no use: its members are providers",
      "m.toml:18: error: rota.outbound.members.hours: is of no use: only people come and go (hint: to have "
      "no mail sent by a provider, leave it out of the members)",
      "m.toml:18: error: rota.outbound.members.leave: is of no use: only people come and go (hint: to have "
      "no mail sent by a provider, leave it out of the members)",
      "m.toml:18: error: rota.outbound.members.tz: is of no use: only people come and go (hint: to have no "
      "mail sent by a provider, leave it out of the members)",
      "m.toml:18: error: rota.outbound.members.max_per_day: is of no use: only people come and go (hint: to "
      "have no mail sent by a provider, leave it out of the members)",
      "m.toml:18: error: rota.outbound.members.paused: is of no use: only people come and go (hint: to have "
      "no mail sent by a provider, leave it out of the members)",
      "m.toml:22: error: rota.people.hold: is of no use: its members are people, not providers",
      "m.toml:23: error: rota.people.uncertain: is of no use: its members are people, not providers",
      "m.toml:24: error: rota.people.uncertain_hold: is of no use: its members are people, not providers"}},
    {"strategies of providers",
     R"([provider.sg]
kind = "sendgrid"
api_key = { file = "/a" }
webhook = { secret = { file = "/b" } }
[provider.own]
kind = "smtp"
host = "mail.example.com:587"
[rota.a]
strategy = "all"
members = [{ provider = "sg" }]
[rota.b]
strategy = "round-robin"
hold = "1h"
uncertain = "nxt"
members = [{ provider = "sg", weight = 2 }]
[rota.c]
hold = "8d"
uncertain = "same"
uncertain_hold = "1h"
members = [{ provider = "own", weight = 2 }]
[rota.d]
uncertain_hold = "30s"
members = [{ provider = "own" }]
)",
     {"m.toml:1: warning: provider.sg: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:1: warning: provider: the envelope sender does not stay with mail that goes by \"sg\": bounces "
      "go to the provider and come back as events only (hint: where others must see the sender's address, "
      "use a provider of kind smtp)",
      "m.toml:8: warning: rota.a: is never used: no rule names it (hint: write a rule with then = [{ relay = "
      "\"a\" }])",
      "m.toml:8: warning: rota.a: every provider of it takes mail apart: signed and encrypted mail, DSNs, "
      "calendars and mail with the null sender are refused (hint: add a provider with transport = \"smtp\" "
      "as the last member, or write lossy = \"send\")",
      "m.toml:9: error: rota.a.strategy: \"all\" is none of \"failover\" or \"round-robin\"",
      "m.toml:11: warning: rota.b: is never used: no rule names it (hint: write a rule with then = [{ relay "
      "= \"b\" }])",
      "m.toml:11: warning: rota.b: every provider of it takes mail apart: signed and encrypted mail, DSNs, "
      "calendars and mail with the null sender are refused (hint: add a provider with transport = \"smtp\" "
      "as the last member, or write lossy = \"send\")",
      "m.toml:13: error: rota.b.hold: has no meaning under strategy \"round-robin\" (hint: only failover "
      "keeps to the first that works)",
      "m.toml:14: error: rota.b.uncertain: \"nxt\" is none of \"hold\", \"same\" or \"next\" (hint: did you "
      "mean \"next\"?)",
      "m.toml:16: warning: rota.c: is never used: no rule names it (hint: write a rule with then = [{ relay "
      "= \"c\" }])",
      "m.toml:17: error: rota.c.hold: \"8d\" is out of range: from 1s to 7d",
      "m.toml:19: error: rota.c.uncertain_hold: is of no use: only uncertain = \"hold\" holds a mail",
      "m.toml:20: warning: rota.c.members.weight: is of no use under failover: the first that works gets all "
      "mail (hint: write strategy = \"round-robin\", or leave it out)",
      "m.toml:21: warning: rota.d: is never used: no rule names it (hint: write a rule with then = [{ relay "
      "= \"d\" }])",
      "m.toml:22: error: rota.d.uncertain_hold: \"30s\" is out of range: from 1m to 1d"}},
};

class RelayRotaMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(RelayRotaMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, RelayRotaMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
