#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Rotas of telephones: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
    {"spellings of numbers",
     R"([rota.oncall]
members = [
  { phone = "+1 (555) 010-0101" },
  { phone = "0015550102" },
  { phone = "+44 (0)20 7946 0999" },
  { phone = "0555 0103" },
  { phone = "+0155501034" },
  { phone = "+155501" },
  { phone = "+1555010123456789" },
  { phone = "ann" },
  { phone = "" },
  { phone = 15550101 },
  { phone = "+15550104", sms = "15550105", contact = ["call", "sms"] },
]
[telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[alert.fire]
say = "Fire."
escalate = [{ rota = "oncall" }]
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {"m.toml:3: error: rota.oncall.members.phone: \"+1 (555) 010-0101\" is no telephone number with its "
      "country code (E.164) (hint: write \"+15550100101\")",
      "m.toml:4: error: rota.oncall.members.phone: \"0015550102\" is no telephone number with its country "
      "code (E.164) (hint: write \"+15550102\")",
      "m.toml:5: error: rota.oncall.members.phone: \"+44 (0)20 7946 0999\" is no telephone number with its "
      "country code (E.164) (hint: write \"+442079460999\")",
      "m.toml:6: error: rota.oncall.members.phone: \"0555 0103\" is no telephone number with its country "
      "code (E.164) (hint: write +, the country code and the number without its leading 0, as in "
      "\"+15550100\")",
      "m.toml:7: error: rota.oncall.members.phone: \"+0155501034\" is no telephone number with its country "
      "code (E.164) (hint: write +, the country code and the number without its leading 0, as in "
      "\"+15550100\")",
      "m.toml:8: error: rota.oncall.members.phone: \"+155501\" is no telephone number with its country code "
      "(E.164) (hint: write +, the country code and the number without its leading 0, as in \"+15550100\")",
      "m.toml:9: error: rota.oncall.members.phone: \"+1555010123456789\" is no telephone number with its "
      "country code (E.164) (hint: write +, the country code and the number without its leading 0, as in "
      "\"+15550100\")",
      "m.toml:10: error: rota.oncall.members.phone: \"ann\" is no telephone number with its country code "
      "(E.164) (hint: write +, the country code and the number without its leading 0, as in \"+15550100\")",
      "m.toml:11: error: rota.oncall.members.phone: \"\" is no telephone number with its country code "
      "(E.164) (hint: write +, the country code and the number without its leading 0, as in \"+15550100\")",
      "m.toml:12: error: rota.oncall.members.phone: takes a string, not an integer",
      "m.toml:13: error: rota.oncall.members.sms: \"15550105\" is no telephone number with its country code "
      "(E.164) (hint: write +, the country code and the number without its leading 0, as in \"+15550100\")"}},
    {"one person twice",
     R"([rota.oncall]
members = [
  { phone = "+15550101", name = "Ann" },
  { phone = "+15550101", name = "Ben" },
  { phone = "+15550102", name = "ann" },
]
[telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[alert.fire]
say = "Fire."
escalate = [{ rota = "oncall" }]
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {"m.toml:4: error: rota.oncall.members.phone: \"+15550101\" is a member already, by line 3",
      "m.toml:5: error: rota.oncall.members.name: \"ann\" is the name of the member in line 3, too (hint: "
      "give each member a name of its own, as in \"Ann (home)\")"}},
    {"kinds mixed",
     R"([rota.oncall]
members = [
  { phone = "+15550101" },
  "ann@example.com",
  { address = "ben@example.com" },
  "+15550102",
  7,
  { name = "Cho" },
]
[telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[alert.fire]
say = "Fire."
escalate = [{ rota = "oncall" }]
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {"m.toml:4: error: rota.oncall.members: an address beside telephones: a rota has one kind of members "
      "(hint: write two rotas)",
      "m.toml:5: error: rota.oncall.members.address: an address beside telephones: a rota has one kind of "
      "members (hint: write two rotas)",
      "m.toml:6: error: rota.oncall.members: \"+15550102\" stands here without its key (hint: write { phone "
      "= \"+15550102\" })",
      "m.toml:7: error: rota.oncall.members: takes tables, not an integer (hint: write members = [{ phone = "
      "\"+15550100\" }])",
      "m.toml:8: error: rota.oncall.members.phone: is missing: a member is known by its number (hint: write "
      "as in phone = \"+15550100\")"}},
    {"telephone beside providers",
     R"([provider.own]
kind = "smtp"
host = "mail.example.com:587"
[rota.out]
members = [{ provider = "own" }, { phone = "+15550101" }]
[listener.relay]
protocol = "lmtp"
[[rule]]
when.listener = "relay"
then = [{ relay = "out" }]
)",
     {"m.toml:5: error: rota.out.members.phone: a person beside providers: a rota has one kind of members "
      "(hint: write two rotas)"}},
    {"number among addresses",
     R"([rota.orders]
addresses = "orders@example.com"
members = ["ann@example.com", "+15550101", { address = "ben@example.com", name = "Ben", language = "de" }]
)",
     {"m.toml:3: error: rota.orders.members: the address '+15550101' has no \"@\" and domain (hint: for the "
      "telephone write { phone = \"+15550101\" })",
      "m.toml:3: error: rota.orders.members.name: is of no use: the member is no telephone",
      "m.toml:3: error: rota.orders.members.language: is of no use: the member is no telephone"}},
    {"words of a member",
     R"([rota.oncall]
members = [
  { phone = "+15550101", language = "en-us", voice = "<x>", name = "" },
  { phone = "+15550102", contact = [], name = "+1" },
  { phone = "+15550103", contact = ["cal", "sms", "sms"], name = "a\nb" },
  { phone = "+15550104", sms = "+15550105" },
  { phone = "+15550106", contact = "sms", weight = 0, hours = "x", voice = "Polly.Céline" },
]
[telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[alert.fire]
say = "Fire."
escalate = [{ rota = "oncall" }]
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {"m.toml:3: error: rota.oncall.members.language: \"en-us\" is no language tag (hint: write \"en-US\")",
      "m.toml:3: error: rota.oncall.members.voice: \"<x>\" is no name of a voice (hint: write as in "
      "\"Polly.Joanna\")",
      "m.toml:3: error: rota.oncall.members.name: \"\" is no name of a person (hint: a name has 1 to 100 "
      "bytes, no line break, and does not begin with +)",
      "m.toml:4: error: rota.oncall.members.name: \"+1\" is no name of a person (hint: a name has 1 to 100 "
      "bytes, no line break, and does not begin with +)",
      "m.toml:4: error: rota.oncall.members.contact: is empty: nobody could reach the member",
      "m.toml:5: error: rota.oncall.members.name: \"a\\nb\" is no name of a person (hint: a name has 1 to "
      "100 bytes, no line break, and does not begin with +)",
      "m.toml:5: error: rota.oncall.members.contact: \"cal\" is none of \"call\" or \"sms\" (hint: did you "
      "mean \"call\"?)",
      "m.toml:5: error: rota.oncall.members.contact: \"sms\" stands here twice",
      "m.toml:6: warning: rota.oncall.members.sms: is of no use: the member is called only (hint: write "
      "contact = [\"call\", \"sms\"])",
      "m.toml:7: error: rota.oncall.members.weight: 0 is out of range: from 1 to 1000",
      "m.toml:7: error: rota.oncall.members.hours: \"x\" is not a weekday or a span of weekdays such as "
      "\"Mon-Fri\""}},
    {"keys of rotas of addresses",
     R"([rota.oncall]
addresses = "oncall@example.com"
fallback = "office@example.com"
sticky = { by = "sender" }
on_error = "pass"
hold = "1h"
members = [{ phone = "+15550101" }]
[telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[alert.fire]
say = "Fire."
escalate = [{ rota = "oncall" }]
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {"m.toml:2: error: rota.oncall.addresses: is of no use: its members are telephones, and no mail goes to "
      "them (hint: write an alert with escalate = [{ rota = \"…\" }], and a rule with then = [{ alert = "
      "\"…\" }])",
      "m.toml:3: error: rota.oncall.fallback: is of no use: its members are telephones (hint: write the "
      "fallback of the alert, or a further step)",
      "m.toml:4: error: rota.oncall.sticky: is of no use: its members are telephones",
      "m.toml:5: error: rota.oncall.on_error: is of no use: its members are telephones",
      "m.toml:6: error: rota.oncall.hold: is of no use: its members are people, not providers"}},
    {"members of the wrong type",
     R"([rota.oncall]
members = "x"
[[rota.oncall.member]]
phone = "+15550101"
[telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[alert.fire]
say = "Fire."
escalate = [{ rota = "oncall" }]
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {"m.toml:2: error: rota.oncall.members: both \"members\" and [[rota.oncall.member]] tables (line 3) "
      "(hint: write all members in one of the two forms)",
      "m.toml:2: error: rota.oncall.members: takes an array, not a string (hint: write members = [{ phone = "
      "\"+15550100\" }])"}},
    {"never used",
     R"([rota.oncall]
members = [{ phone = "+15550101", name = "Ann" }]
)",
     {"m.toml:1: warning: rota.oncall: is never used: no alert names it (hint: write an alert with escalate "
      "= [{ rota = \"oncall\" }])"}},
    {"overrides by number and name",
     R"([rota.oncall]
strategy = "schedule"
start = 2026-01-05
members = [{ phone = "+15550101", name = "Ann" }, { phone = "+15550102" }]
[[rota.oncall.override]]
member = "ann"
from = 2026-12-24T09:00:00
until = 2026-12-25T09:00:00
[[rota.oncall.override]]
member = "+15550102"
from = 2026-12-24T09:00:00
until = 2026-12-25T09:00:00
[[rota.oncall.override]]
member = "Anne"
from = 2026-12-24T09:00:00
until = 2026-12-25T09:00:00
[[rota.oncall.override]]
member = "+15550103"
from = 2026-12-24T09:00:00
until = 2026-12-25T09:00:00
[telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/s" }
from = "+15550100"
[calls]
public_url = "https://mail.example.com/call"
[alert.fire]
say = "Fire."
escalate = [{ rota = "oncall" }]
[[rule]]
name = "fire"
when.subject = '/fire in (?<room>\w+)/'
then = [{ alert = "fire" }]
)",
     {"m.toml:14: error: rota.oncall.override.member: \"Anne\" is no member of the rota (hint: did you mean "
      "\"Ann\"?)",
      "m.toml:18: error: rota.oncall.override.member: \"+15550103\" is no member of the rota (hint: did you "
      "mean \"+15550101\"?)"}},
    {"a mail is not handed to telephones",
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
[[rule]]
when.sender = "ann@example.com"
then = [{ rota = "oncall" }]
[[rule]]
when.sender = "ben@example.com"
then = [{ relay = "oncall" }]
)",
     {"m.toml:18: error: rule.then.rota: the members of rota \"oncall\" are telephones (hint: write { alert "
      "= \"…\" }, and that alert with escalate = [{ rota = \"oncall\" }])",
      "m.toml:21: error: rule.then.relay: the members of rota \"oncall\" are telephones (hint: write { alert "
      "= \"…\" }, and that alert with escalate = [{ rota = \"oncall\" }])",
      "m.toml:21: error: rule.then.relay: mail of the milter listener \"inbound\" gets here, and a milter "
      "has no queue behind it (hint: write [listener.relay] with protocol = \"lmtp\", in Postfix write "
      "default_transport = lmtp:unix:mailrota/lmtp.sock, and in this rule when.listener = \"relay\")"}},
};

class PhoneRotaMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(PhoneRotaMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, PhoneRotaMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
