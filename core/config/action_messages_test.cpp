#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Rules and their actions: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
    {"unknown key",
     R"([[rule]]
whem = 1
then = "stop"
)",
     {"m.toml:2: error: rule: unknown key \"whem\" (hint: did you mean \"when\"?)"}},
    {"no action",
     R"([[rule]]
when.sender = "ann@example.com"
)",
     {"m.toml:1: error: rule.then: there is no action (hint: write as in then = [{ rota = \"orders\" }])"}},
    {"single rule table",
     R"([rule]
then = "stop"
)",
     {"m.toml:1: error: rule: takes an array of tables, not a table (hint: begin each with [[rule]])"}},
    {"same name",
     R"([[rule]]
name = "vip"
when.sender = "ann@example.com"
then = "stop"
[[rule]]
name = "vip"
then = "stop"
)",
     {"m.toml:6: error: rule.name: \"vip\" is the name of the rule in line 1, too (hint: give each rule a "
      "name of its own)"}},
    {"empty name",
     R"([[rule]]
name = ""
then = "stop"
)",
     {"m.toml:2: error: rule.name: is empty"}},
    {"action types",
     R"([[rule]]
then = 7
[[rule]]
name = "b"
then = ["redirect", "stp", {}, { rota = "x", stop = true }]
)",
     {"m.toml:2: error: rule.then: takes an array of actions, not an integer (hint: write as in then = [{ "
      "rota = \"orders\" }])",
      "m.toml:5: error: rule.then: \"redirect\" is no action of one word (hint: write { redirect = … })",
      "m.toml:5: error: rule.then: \"stp\" is no action of one word (hint: did you mean \"stop\"?)",
      "m.toml:5: error: rule.then: an empty table is no action",
      "m.toml:5: error: rule.then: one table with several actions has no order (hint: write one table for "
      "each: then = [{ … }, { … }])"}},
    {"unknown rota",
     R"([rota.orders]
addresses = "orders@example.com"
members = ["ann@example.com"]
[[rule]]
then = [{ rota = "ordres" }]
)",
     {"m.toml:5: error: rule.then.rota: there is no rota \"ordres\" (hint: did you mean \"orders\"?)"}},
    {"no rota",
     R"([[rule]]
then = [{ rota = "orders" }]
)",
     {"m.toml:2: error: rule.then.rota: there is no rota \"orders\" (hint: write [rota.orders])"}},
    {"unknown action",
     R"([[rule]]
then = [{ redirct = "ann@example.com" }]
)",
     {"m.toml:2: error: rule.then: unknown key \"redirct\" (hint: did you mean \"redirect\"?)"}},
    {"redirect",
     R"([[rule]]
then = [{ copy = ["ann@example.com", "ann@example.com", "b@", 7] }, { redirect = [] }]
)",
     {"m.toml:2: error: rule.then.copy: takes strings, not an integer",
      "m.toml:2: error: rule.then.copy: \"ann@example.com\" stands here twice",
      "m.toml:2: error: rule.then.copy: the address 'b@' has no domain after its \"@\"",
      "m.toml:2: error: rule.then.redirect: is empty"}},
    {"header actions",
     R"([[rule]]
then = [
  { add_header = { name = "X Id", value = "{nobody}" } },
  { add_header = { name = "x-mailrota-trace" } },
  { remove_header = ["X-Mailrota-Trace", "X:"] },
  { add_header = "X: y" },
]
)",
     {"m.toml:3: error: rule.then.add_header.name: \"X Id\" is no name of a header field: 1 to 76 printable "
      "ASCII characters, no colon, no blank",
      "m.toml:3: error: rule.then.add_header.value: {nobody} is not known here; there are {sender} {rcpt} "
      "{subject} {client} {queue_id} {header.NAME}",
      "m.toml:4: error: rule.then.add_header.name: \"x-mailrota-trace\" is mailrota's own: it stops loops",
      "m.toml:4: error: rule.then.add_header.value: is missing",
      "m.toml:5: error: rule.then.remove_header: \"X-Mailrota-Trace\" is mailrota's own: it stops loops",
      "m.toml:5: error: rule.then.remove_header: \"X:\" is no name of a header field: 1 to 76 printable "
      "ASCII characters, no colon, no blank",
      "m.toml:6: error: rule.then.add_header: takes a table, not a string"}},
    {"quarantine",
     R"([[rule]]
then = [{ quarantine = "" }]
)",
     {"m.toml:2: error: rule.then.quarantine: takes a reason (hint: write as in { quarantine = \"looks like "
      "spam\" })"}},
    {"reply codes",
     R"([[rule]]
then = [{ reject = { code = 450, enhanced = "4.7.1" } }]
[[rule]]
name = "b"
then = [{ defer = { code = 550, enhanced = "5.7", text = "{" } }]
[[rule]]
name = "c"
then = [{ reject = { code = 99, enhanced = 5 } }]
[[rule]]
name = "d"
then = [{ reject = true }]
)",
     {"m.toml:2: error: rule.then.reject.code: 450 is no refusal for good: those are 500 to 599 (hint: use "
      "defer for 400 to 499)",
      "m.toml:2: error: rule.then.reject.enhanced: \"4.7.1\" does not fit the reply: its class is 5 (hint: "
      "write as in \"5.7.1\")",
      "m.toml:3: warning: rule: \"b\" has no effect: \"rule 1\" in line 1 gives every recipient a route "
      "before (hint: give that rule a condition, or move it to the end)",
      "m.toml:5: error: rule.then.defer.code: 550 is no refusal for now: those are 400 to 499 (hint: use "
      "reject for 500 to 599)",
      "m.toml:5: error: rule.then.defer.enhanced: \"5.7\" is no enhanced status code (hint: write as in "
      "\"4.7.1\")",
      "m.toml:5: error: rule.then.defer.text: \"{\" at offset 0 is not closed; a brace itself is written {{",
      "m.toml:8: error: rule.then.reject.code: 99 is out of range: from 400 to 599",
      "m.toml:8: error: rule.then.reject.enhanced: takes a string, not an integer",
      "m.toml:11: error: rule.then.reject: takes a text or a table, not a boolean (hint: write as in { "
      "reject = \"Message refused\" })"}},
    {"reply carriage return",
     R"([[rule]]
when.sender = "ann@example.com"
then = [{ reject = "a\rb" }]
)",
     {"m.toml:3: error: rule.then.reject: has a carriage return or a NUL in it"}},
    {"true",
     R"([[rule]]
when.sender = "ann@example.com"
then = [{ discard = false }, { stop = false }]
)",
     {"m.toml:3: error: rule.then.discard: takes true only (hint: remove the action instead)",
      "m.toml:3: error: rule.then.stop: takes true only (hint: remove the action instead)"}},
    {"after stop",
     R"([[rule]]
when.sender = "ann@example.com"
then = ["stop",
  { quarantine = "x" }]
)",
     {"m.toml:4: error: rule.then: nothing happens after \"stop\" in line 3 (hint: put \"stop\" last)"}},
    {"two routes",
     R"([[rule]]
when.sender = "ann@example.com"
then = [{ redirect = "ann@example.com" },
  "discard"]
)",
     {"m.toml:4: error: rule.then: a recipient has one route, and line 3 gives it already (hint: for several "
      "recipients write redirect = [\"…\", \"…\"], or use copy)"}},
    {"later actions",
     R"([[rule]]
then = [{ reply = "x" }]
)",
     {"m.toml:2: error: rule.then.reply: this version of mailrota does not have it yet"}},
    {"on limit",
     R"([[rule]]
when.sender = "ann@example.com"
then = ["stop"]
on_limit = "no_match"
on_error = 1
stop = "yes"
)",
     {"m.toml:4: error: rule.on_limit: \"no_match\" is none of \"match\", \"no-match\" or \"defer\" (hint: "
      "did you mean \"no-match\"?)",
      "m.toml:5: error: rule.on_error: takes a string, not an integer",
      "m.toml:6: error: rule.stop: takes true or false, not a string"}},
    {"templates",
     R"([[rule]]
when.header.X-Id = '/^(?<ticket>\d+)$/'
when.not = { subject = '/(?<other>x)/' }
then = [{ add_header = { name = "X-A", value = "{ticket} {sender} {{x}}" } }, { quarantine = "{tickt}" }, { add_header = { name = "X-B", value = "{other}" } }]
)",
     {"m.toml:4: error: rule.then.quarantine: {tickt} is not known here; there are {ticket} {sender} {rcpt} "
      "{subject} {client} {queue_id} {header.NAME}",
      "m.toml:4: error: rule.then.add_header.value: {other} is not known here; there are {ticket} {sender} "
      "{rcpt} {subject} {client} {queue_id} {header.NAME}"}},
    {"never reached",
     R"([[rule]]
then = ["stop"]
[[rule]]
name = "later"
when.sender = "ann@example.com"
then = [{ quarantine = "x" }]
)",
     {"m.toml:3: warning: rule: \"later\" is never reached: \"rule 1\" in line 1 stops every mail (hint: "
      "give that rule a condition, or move it to the end)"}},
    {"no effect",
     R"([[rule]]
name = "all"
then = [{ redirect = "ann@example.com" }]
[[rule]]
name = "marks"
then = [{ add_header = { name = "X-A", value = "b" } }]
[[rule]]
name = "routes"
when.sender = "ann@example.com"
then = [{ redirect = "ben@example.com" }]
)",
     {"m.toml:7: warning: rule: \"routes\" has no effect: \"all\" in line 1 gives every recipient a route "
      "before (hint: give that rule a condition, or move it to the end)"}},
    {"content and recipient",
     R"([[rule]]
when.rcpt = "ann@example.com"
when.subject = "*order*"
then = [{ reject = "no" }]
)",
     {"m.toml:1: warning: rule: \"rule 1\" refuses single recipients for what is in the mail: a milter "
      "cannot, and a mail with other recipients is deferred as a whole (hint: refuse by the envelope alone, "
      "or refuse the whole mail)"}},
    {"discards everything",
     R"([[rule]]
then = ["discard"]
)",
     {"m.toml:1: warning: rule: \"rule 1\" discards every mail that reaches it (hint: give it a condition: "
      "when.sender = \"…\")"}},
};

class RuleMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(RuleMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, RuleMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
