#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Rotas of providers and the rules that use them: each text with everything that is told of it, word for
// word.
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
    {"two kinds of members",
     R"([provider.sg]
kind = "sendgrid"
api_key = { file = "/a" }
webhook = { secret = { file = "/b" } }
[provider.own]
kind = "smtp"
host = "mail.example.com:587"
[rota.outbound]
members = ["ann@example.com", { provider = "sg" }, { address = "ben@example.com" }, 7]
[rota.more]
members = "sg"
[[rota.more.member]]
provider = "sg"
[rota.most]
members = [{ provider = "sg" }]
[[rota.most.member]]
provider = "own"
[rota.plain]
addresses = "plain@example.com"
members = ["sg", "own"]
)",
     {"m.toml:1: warning: provider.sg: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:1: warning: provider: the envelope sender does not stay with mail that goes by \"sg\": bounces "
      "go to the provider and come back as events only (hint: where others must see the sender's address, "
      "use a provider of kind smtp)",
      "m.toml:8: warning: rota.outbound: is never used: no rule names it (hint: write a rule with then = [{ "
      "relay = \"outbound\" }])",
      "m.toml:8: warning: rota.outbound: every provider of it takes mail apart: signed and encrypted mail, "
      "DSNs, calendars and mail with the null sender are refused (hint: add a provider with transport = "
      "\"smtp\" as the last member, or write lossy = \"send\")",
      "m.toml:9: error: rota.outbound.members: a person beside providers: a rota has one kind of members "
      "(hint: write two rotas)",
      "m.toml:9: error: rota.outbound.members.address: a person beside providers: a rota has one kind of "
      "members (hint: write two rotas)",
      "m.toml:9: error: rota.outbound.members: takes tables, not an integer (hint: write members = [{ "
      "provider = \"…\" }])",
      "m.toml:10: warning: rota.more: is never used: no rule names it (hint: write a rule with then = [{ "
      "relay = \"more\" }])",
      "m.toml:10: warning: rota.more: every provider of it takes mail apart: signed and encrypted mail, "
      "DSNs, calendars and mail with the null sender are refused (hint: add a provider with transport = "
      "\"smtp\" as the last member, or write lossy = \"send\")",
      "m.toml:11: error: rota.more.members: both \"members\" and [[rota.more.member]] tables (line 12) "
      "(hint: write all members in one of the two forms)",
      "m.toml:11: error: rota.more.members: takes an array, not a string (hint: write members = [{ provider "
      "= \"…\" }])",
      "m.toml:14: warning: rota.most: is never used: no rule names it (hint: write a rule with then = [{ "
      "relay = \"most\" }])",
      "m.toml:15: error: rota.most.members: both \"members\" and [[rota.most.member]] tables (line 16) "
      "(hint: write all members in one of the two forms)",
      "m.toml:20: error: rota.plain.members: the address 'sg' has no \"@\" and domain (hint: for the "
      "provider write { provider = \"sg\" })",
      "m.toml:20: error: rota.plain.members: the address 'own' has no \"@\" and domain (hint: for the "
      "provider write { provider = \"own\" })"}},
    {"members that are none",
     R"([provider.sg]
kind = "sendgrid"
api_key = { file = "/a" }
webhook = { secret = { file = "/b" } }
[provider.own]
kind = "smtp"
host = "mail.example.com:587"
[rota.outbound]
members = [{ provider = "sgg" }, { provider = "own" }, { provider = "own" }, { weight = 2 }, { provider = 7 }, { provider = "mailgun", weight = 0 }, {}]
)",
     {"m.toml:1: warning: provider.sg: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"sg\" }])",
      "m.toml:1: warning: provider.sg: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:1: warning: provider: the envelope sender does not stay with mail that goes by \"sg\": bounces "
      "go to the provider and come back as events only (hint: where others must see the sender's address, "
      "use a provider of kind smtp)",
      "m.toml:8: warning: rota.outbound: is never used: no rule names it (hint: write a rule with then = [{ "
      "relay = \"outbound\" }])",
      "m.toml:9: error: rota.outbound.members.provider: there is no provider \"sgg\" (hint: did you mean "
      "\"sg\"?)",
      "m.toml:9: error: rota.outbound.members.provider: \"own\" is a member already, by line 9",
      "m.toml:9: warning: rota.outbound.members.weight: is of no use under failover: the first that works "
      "gets all mail (hint: write strategy = \"round-robin\", or leave it out)",
      "m.toml:9: error: rota.outbound.members.provider: is missing (hint: write as in { provider = "
      "\"sendgrid\" })",
      "m.toml:9: error: rota.outbound.members.provider: takes a string, not an integer",
      "m.toml:9: error: rota.outbound.members.weight: 0 is out of range: from 1 to 1000",
      "m.toml:9: error: rota.outbound.members.provider: there is no provider \"mailgun\" (hint: known: "
      "\"sg\" or \"own\")",
      "m.toml:9: error: rota.outbound.members.provider: is missing (hint: write as in { provider = "
      "\"sendgrid\" })"}},
    {"providers that are not written",
     R"([rota.outbound]
members = [{ provider = "mailgun" }]
)",
     {"m.toml:1: warning: rota.outbound: is never used: no rule names it (hint: write a rule with then = [{ "
      "relay = \"outbound\" }])",
      "m.toml:2: error: rota.outbound.members.provider: there is no provider \"mailgun\" (hint: write "
      "[provider.mailgun] with kind = \"…\")"}},
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
    {"relay and rota mixed up",
     R"([provider.sg]
kind = "sendgrid"
api_key = { file = "/a" }
webhook = { secret = { file = "/b" } }
[provider.own]
kind = "smtp"
host = "mail.example.com:587"
[listener.relay]
protocol = "lmtp"
[rota.outbound]
members = [{ provider = "sg" }, { provider = "own" }]
[rota.people]
members = ["ann@example.com"]
[[rule]]
when.listener = "relay"
when.rcpt = "@a.example.com"
then = [{ relay = "people" }]
[[rule]]
when.listener = "relay"
when.rcpt = "@b.example.com"
then = [{ rota = "outbound" }]
[[rule]]
when.listener = "relay"
when.rcpt = "@c.example.com"
then = [{ relay = "outbond" }]
[[rule]]
when.listener = "relay"
when.rcpt = "@d.example.com"
then = [{ relay = "outbound" }, { redirect = "ann@example.com" }]
[[rule]]
when.listener = "relay"
then = [{ relay = ["outbound"] }]
)",
     {"m.toml:1: warning: provider.sg: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:1: warning: provider: the envelope sender does not stay with mail that goes by \"sg\": bounces "
      "go to the provider and come back as events only (hint: where others must see the sender's address, "
      "use a provider of kind smtp)",
      "m.toml:8: error: listener.relay.reinject: is missing: rule \"rule 2\" in line 18 sends mail on to "
      "others (hint: write as in reinject = \"smtp:127.0.0.1:10026\", where the MTA takes mail past its "
      "content filter)",
      "m.toml:17: error: rule.then.relay: rota \"people\" has no providers for members (hint: write { rota = "
      "\"people\" }, or members = [{ provider = \"…\" }] there)",
      "m.toml:21: error: rule.then.rota: the members of rota \"outbound\" are providers (hint: write { relay "
      "= \"outbound\" })",
      "m.toml:25: error: rule.then.relay: there is no rota \"outbond\" (hint: did you mean \"outbound\"?)",
      "m.toml:29: error: rule.then: a recipient has one route, and line 29 gives it already (hint: for "
      "several recipients write redirect = [\"…\", \"…\"], or use copy)",
      "m.toml:32: error: rule.then.relay: takes a string, not an array"}},
    {"relay to nothing",
     R"([listener.relay]
protocol = "lmtp"
[[rule]]
when.listener = "relay"
then = [{ relay = "outbound" }]
)",
     {"m.toml:5: error: rule.then.relay: there is no rota \"outbound\" (hint: write [rota.outbound] with "
      "members = [{ provider = \"…\" }])"}},
    {"relay under a milter",
     R"([provider.sg]
kind = "sendgrid"
api_key = { file = "/a" }
webhook = { secret = { file = "/b" } }
[provider.own]
kind = "smtp"
host = "mail.example.com:587"
[rota.outbound]
members = [{ provider = "sg" }, { provider = "own" }]
[[rule]]
then = [{ relay = "outbound" }]
)",
     {"m.toml:1: warning: provider.sg: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:1: warning: provider: the envelope sender does not stay with mail that goes by \"sg\": bounces "
      "go to the provider and come back as events only (hint: where others must see the sender's address, "
      "use a provider of kind smtp)",
      "m.toml:11: error: rule.then.relay: mail of the milter listener \"inbound\" gets here, and a milter "
      "has no queue behind it (hint: write [listener.relay] with protocol = \"lmtp\", in Postfix write "
      "default_transport = lmtp:unix:mailrota/lmtp.sock, and in this rule when.listener = \"relay\")"}},
    {"relay under one of two listeners",
     R"([provider.sg]
kind = "sendgrid"
api_key = { file = "/a" }
webhook = { secret = { file = "/b" } }
[provider.own]
kind = "smtp"
host = "mail.example.com:587"
[listener.inbound]
protocol = "milter"
[listener.out]
protocol = "lmtp"
socket = "inet:127.0.0.1:2024"
[rota.outbound]
members = [{ provider = "sg" }, { provider = "own" }]
[[rule]]
when.sender = "@example.com"
then = [{ relay = "outbound" }]
[[rule]]
when.listener = "out"
then = [{ relay = "outbound" }]
)",
     {"m.toml:1: warning: provider.sg: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:1: warning: provider: the envelope sender does not stay with mail that goes by \"sg\": bounces "
      "go to the provider and come back as events only (hint: where others must see the sender's address, "
      "use a provider of kind smtp)",
      "m.toml:17: error: rule.then.relay: mail of the milter listener \"inbound\" gets here, and a milter "
      "has no queue behind it (hint: in Postfix write default_transport = lmtp:inet:127.0.0.1:2024, and in "
      "this rule when.listener = \"out\")"}},
    {"not used",
     R"([provider.sg]
kind = "sendgrid"
api_key = { file = "/a" }
webhook = { secret = { file = "/b" } }
[provider.own]
kind = "smtp"
host = "mail.example.com:587"
[provider.more]
kind = "smtp"
host = "more.example.com:587"
[rota.outbound]
members = [{ provider = "sg" }, { provider = "own" }]
)",
     {"m.toml: warning: nothing to do: there is no rota and no rule, every mail passes as it came",
      "m.toml:1: warning: provider.sg: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:1: warning: provider: the envelope sender does not stay with mail that goes by \"sg\": bounces "
      "go to the provider and come back as events only (hint: where others must see the sender's address, "
      "use a provider of kind smtp)",
      "m.toml:8: warning: provider.more: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"more\" }])",
      "m.toml:11: warning: rota.outbound: is never used: no rule names it (hint: write a rule with then = [{ "
      "relay = \"outbound\" }])"}},
    {"only taken apart",
     R"([listener.relay]
protocol = "lmtp"
deadline = "50s"
[provider.sg]
kind = "sendgrid"
api_key = { file = "/a" }
webhook = { secret = { file = "/b" } }
[provider.pm]
kind = "postmark"
api_key = { file = "/a" }
[provider.rs]
kind = "resend"
api_key = { file = "/a" }
lossy = "send"
[rota.outbound]
members = [{ provider = "sg" }, { provider = "pm" }]
[rota.other]
members = [{ provider = "sg" }, { provider = "rs" }]
[[rule]]
when.listener = "relay"
when.sender = "@example.com"
then = [{ relay = "outbound" }]
[[rule]]
when.listener = "relay"
then = [{ relay = "other" }]
)",
     {"m.toml:1: warning: listener.relay.deadline: is 50 s, but asking every provider of rota \"outbound\" "
      "may take 60 s: the last ones may not get their turn (hint: give the providers shorter timeouts, or "
      "the listener a longer deadline (less than 600s))",
      "m.toml:4: warning: provider.sg: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:4: warning: provider: the envelope sender does not stay with mail that goes by \"sg\", \"pm\", "
      "\"rs\": bounces go to the provider and come back as events only (hint: where others must see the "
      "sender's address, use a provider of kind smtp)",
      "m.toml:11: warning: provider.rs: the Message-ID may change: resend does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:15: warning: rota.outbound: every provider of it takes mail apart: signed and encrypted mail, "
      "DSNs, calendars and mail with the null sender are refused (hint: add a provider with transport = "
      "\"smtp\" as the last member, or write lossy = \"send\")"}},
};

class RelayMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(RelayMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, RelayMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
