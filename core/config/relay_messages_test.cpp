#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Rules that relay: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
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
