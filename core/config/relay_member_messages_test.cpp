#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Members of rotas of providers: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
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
};

class RelayMemberMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(RelayMemberMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, RelayMemberMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
