#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Conditions of rules: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
    {"unknown condition",
     R"([[rule]]
when.sendr = "ann@example.com"
then = "stop"
)",
     {"m.toml:2: error: rule.when: unknown key \"sendr\" (hint: did you mean \"sender\"?)"}},
    {"when no table",
     R"([[rule]]
when = "x"
then = "stop"
)",
     {"m.toml:2: error: rule.when: takes a table, not a string"}},
    {"pattern",
     R"([[rule]]
when.subject = "/(order/"
then = "stop"
)",
     {"m.toml:2: error: rule.when.subject: /(order/: missing closing parenthesis at offset 6"}},
    {"pattern flag",
     R"([[rule]]
when.subject = "/order/q"
then = "stop"
)",
     {"m.toml:2: error: rule.when.subject: /order/q: the flag \"q\" is not one of i m s x u"}},
    {"pattern end",
     R"([[rule]]
when.subject = "/order"
then = "stop"
)",
     {"m.toml:2: error: rule.when.subject: /order: a pattern is written /…/flags"}},
    {"addresses",
     R"([[rule]]
when.sender = ["ann@@example.com", "<>", "", "@example.com", "*@example.org"]
when.rcpt = ["", "postmaster"]
then = "stop"
)",
     {"m.toml:2: error: rule.when.sender: the address 'ann@@example.com' has a character before its \"@\" "
      "that must stand in quotes",
      "m.toml:3: error: rule.when.rcpt: an empty text would never match",
      "m.toml:3: warning: rule.when.rcpt: \"postmaster\" has no \"@\": it matches that unqualified address "
      "only (hint: write \"@postmaster\" for every address of a domain, \"postmaster@*\" for every domain)"}},
    {"network",
     R"([[rule]]
when.client = ["192.0.2.0/33", "192.0.2.*", "192.0.2.1/24", "mx.example.com", "*.example.org", "2001:db8::/32"]
then = "stop"
)",
     {"m.toml:2: error: rule.when.client: \"192.0.2.0/33\" has no valid prefix length after the slash (hint: "
      "write a network as in \"192.0.2.0/24\")",
      "m.toml:2: error: rule.when.client: \"192.0.2.*\" is no IP address or network (hint: write a network "
      "as in \"192.0.2.0/24\")",
      "m.toml:2: error: rule.when.client: \"192.0.2.1/24\" has bits set after its prefix (hint: write a "
      "network as in \"192.0.2.0/24\")"}},
    {"listener",
     R"([[rule]]
when.listener = "inbond"
then = "stop"
)",
     {"m.toml:2: error: rule.when.listener: there is no listener \"inbond\" (hint: did you mean "
      "\"inbound\"?)"}},
    {"list",
     R"([list.vip]
file = "vip.list"
[[rule]]
when.sender = { list = "vipp" }
then = "stop"
)",
     {"m.toml:4: error: rule.when.sender: there is no list \"vipp\" (hint: did you mean \"vip\"?)"}},
    {"list table",
     R"([list.vip]
file = "vip.list"
[[rule]]
when.sender = { lists = "vip" }
when.rcpt = 7
then = "stop"
)",
     {"m.toml:4: error: rule.when.sender: takes no table but { list = \"NAME\" }",
      "m.toml:5: error: rule.when.rcpt: takes a string, { list = \"NAME\" } or an array of them, not an "
      "integer"}},
    {"no list",
     R"([[rule]]
when.sender = [{ list = "vip" }]
then = "stop"
)",
     {"m.toml:2: error: rule.when.sender: there is no list \"vip\" (hint: write [list.vip] with file = "
      "\"…\")"}},
    {"header names",
     R"([[rule]]
when.header."X Id" = "a"
when.raw_header."X:Id" = "a"
then = "stop"
)",
     {"m.toml:2: error: rule.when.header: \"X Id\" is no name of a header field: 1 to 76 printable ASCII "
      "characters, no colon, no blank",
      "m.toml:3: error: rule.when.raw_header: \"X:Id\" is no name of a header field: 1 to 76 printable ASCII "
      "characters, no colon, no blank"}},
    {"empty texts",
     R"([[rule]]
when.auth = ""
when.helo = []
when.client = []
when.origin = []
then = "stop"
)",
     {"m.toml:2: error: rule.when.auth: an empty text would never match",
      "m.toml:3: error: rule.when.helo: is empty: it would never match",
      "m.toml:4: error: rule.when.client: is empty: it would never match",
      "m.toml:5: error: rule.when.origin: is empty: it would never match"}},
    {"whole body",
     R"([[rule]]
when.body = "order"
then = "stop"
)",
     {"m.toml:2: warning: rule.when.body: \"order\" must equal the whole body to match (hint: write "
      "\"*order*\" for a part of it)"}},
    {"body view",
     R"([[rule]]
when.body.quoted = "*order*"
when.body.al = "*order*"
then = "stop"
)",
     {"m.toml:3: error: rule.when.body: unknown key \"al\" (hint: did you mean \"all\"?)"}},
    {"attachment",
     R"([[rule]]
when.attachment.nam = "*.exe"
then = "stop"
)",
     {"m.toml:2: error: rule.when.attachment: unknown key \"nam\" (hint: did you mean \"name\"?)"}},
    {"size",
     R"([[rule]]
when.size = "10MB"
then = "stop"
)",
     {"m.toml:2: error: rule.when.size: \"10MB\" is no size to compare with (hint: write as in \">10MB\" or "
      "\"<=200KB\")"}},
    {"size unit",
     R"([[rule]]
when.size = ">10 tons"
then = "stop"
)",
     {"m.toml:2: error: rule.when.size: \">10 tons\" is no size to compare with (hint: write as in \">10MB\" "
      "or \"<=200KB\")"}},
    {"size type",
     R"([[rule]]
when.size = 10
then = "stop"
)",
     {"m.toml:2: error: rule.when.size: takes a text such as \">10MB\" or a table, not an integer"}},
    {"size table",
     R"([[rule]]
when.size = { at_least = "2MB", at_most = "1MB" }
then = "stop"
)",
     {"m.toml:2: error: rule.when.size: \"at_least\" is more than \"at_most\": it would never match"}},
    {"size empty",
     R"([[rule]]
when.size = {}
then = "stop"
)",
     {"m.toml:2: error: rule.when.size: has neither \"at_least\" nor \"at_most\""}},
    {"time",
     R"([[rule]]
when.time = "Mon-Fri"
when.any = [{ time = "Mon-Fry" }, { time = { tz = "Europe/Pariss" } }, { time = 8 }]
then = "stop"
)",
     {"m.toml:3: error: rule.when.any.time: \"Mon-Fry\" is not a weekday or a span of weekdays such as "
      "\"Mon-Fri\"",
      "m.toml:3: error: rule.when.any.time.hours: is missing",
      "m.toml:3: error: rule.when.any.time.tz: time zone \"Europe/Pariss\" is not known; did you mean "
      "\"Europe/Paris\"?",
      "m.toml:3: error: rule.when.any.time: takes a text such as \"Mon-Fri 08:00-17:00\" or a table, not an "
      "integer"}},
    {"origin",
     R"([[rule]]
when.origin = ["inbound", "outbound"]
when.trusted = "yes"
then = "stop"
)",
     {"m.toml:2: error: rule.when.origin: \"outbound\" is none of \"inbound\", \"authenticated\" or "
      "\"local\"",
      "m.toml:3: error: rule.when.trusted: takes true or false, not a string"}},
    {"trees",
     R"([[rule]]
when.any = { sender = "ann@example.com" }
when.all = [{}, 7]
when.not = [{}]
then = "stop"
)",
     {"m.toml:2: error: rule.when.any: takes an array of tables, not a table",
      "m.toml:3: error: rule.when.all: an empty table matches every mail",
      "m.toml:3: error: rule.when.all: takes tables of conditions, not an integer (hint: write as in { "
      "sender = \"ann@example.com\" })",
      "m.toml:4: error: rule.when.not: takes tables of conditions, not an array (hint: write as in { sender "
      "= \"ann@example.com\" })"}},
    {"empty any",
     R"([[rule]]
when.any = []
then = "stop"
)",
     {"m.toml:2: error: rule.when.any: is empty"}},
};

class ConditionMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(ConditionMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, ConditionMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
