#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Rotas: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
    {"three lines",
     R"([rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com", "ben@example.com", "cho@example.com"]
)",
     {}},
    {"no members",
     R"([rota.orders]
addresses = "orders@example.com"
)",
     {"m.toml:1: error: rota.orders: has no members and no fallback (hint: write members = "
      "[\"ann@example.com\", \"ben@example.com\"])"}},
    {"empty members",
     R"([rota.orders]
addresses = "orders@example.com"
members = []
)",
     {"m.toml:3: error: rota.orders.members: is empty and there is no fallback"}},
    {"empty addresses",
     R"([rota.orders]
addresses = []
members = ["ann@example.com"]
)",
     {"m.toml:2: error: rota.orders.addresses: is empty (hint: leave it out if only rules name this rota)"}},
    {"bad address",
     R"([rota.orders]
addresses = "orders"
members = ["ann@@example.com", "ben@example.com"]
fallback = ""
)",
     {"m.toml:2: error: rota.orders.addresses: the address 'orders' has no \"@\" and domain",
      "m.toml:3: error: rota.orders.members: the address 'ann@@example.com' has a character before its \"@\" "
      "that must stand in quotes",
      "m.toml:4: error: rota.orders.fallback: an address must not be empty"}},
    {"same member",
     R"([rota.orders]
addresses = "orders@example.com"
members = ["ann@example.com",
  "ANN@example.com"]
)",
     {"m.toml:4: error: rota.orders.members: \"ANN@example.com\" is a member already, by line 3 (hint: for "
      "more turns give it a weight)"}},
    {"same address",
     R"([rota.orders]
addresses = ["orders@example.com", "Orders@example.com"]
members = ["ann@example.com"]
)",
     {"m.toml:2: error: rota.orders.addresses: \"Orders@example.com\" stands here twice"}},
    {"two rotas",
     R"([rota.orders]
addresses = ["orders@example.com"]
members = ["ann@example.com"]
[rota.sales]
addresses = ["sales@example.com", "orders@EXAMPLE.com"]
members = ["ann@example.com"]
)",
     {"m.toml:5: error: rota.sales.addresses: \"orders@EXAMPLE.com\" belongs to rota \"orders\" already, by "
      "line 2 (hint: an address belongs to one rota)"}},
    {"own fallback",
     R"([rota.orders]
addresses = ["orders@example.com"]
members = ["ann@example.com"]
fallback = "orders@example.com"
)",
     {"m.toml:4: error: rota.orders.fallback: \"orders@example.com\" is an address of the rota itself (hint: "
      "mail for it would come back to the rota: name another address)"}},
    {"member is own address",
     R"([rota.orders]
addresses = ["orders@example.com"]
members = ["orders@example.com"]
)",
     {}},
    {"member is other rota",
     R"([rota.orders]
addresses = ["orders@example.com"]
members = ["ann@example.com", "sales@example.com"]
fallback = ["sales@example.com"]
[rota.sales]
addresses = ["sales@example.com"]
members = ["ben@example.com"]
)",
     {"m.toml:3: warning: rota.orders.members: \"sales@example.com\" is the address of rota \"sales\", whose "
      "turn is not drawn when this rota chooses it (hint: name the people themselves)",
      "m.toml:4: warning: rota.orders.fallback: \"sales@example.com\" is the address of rota \"sales\", "
      "whose turn is not drawn when this rota chooses it (hint: name the people themselves)"}},
    {"never used",
     R"([rota.orders]
members = ["ann@example.com"]
)",
     {"m.toml:1: warning: rota.orders: is never used: it has no addresses and no rule names it (hint: write "
      "addresses = [\"team@example.com\"] or a rule with then = [{ rota = ... }])"}},
    {"strategy",
     R"([rota.orders]
addresses = ["orders@example.com"]
strategy = "roundrobin"
members = ["ann@example.com"]
)",
     {"m.toml:3: error: rota.orders.strategy: \"roundrobin\" is none of \"round-robin\", \"failover\", "
      "\"all\" or \"schedule\" (hint: did you mean \"round-robin\"?)"}},
    {"sticky",
     R"([rota.orders]
addresses = ["orders@example.com"]
strategy = "all"
sticky = { by = "treads", for = "x" }
members = ["ann@example.com"]
)",
     {"m.toml:4: error: rota.orders.sticky.for: \"x\" is not a duration; write numbers with a unit (s, m, h, "
      "d or w), such as 90s, 1h30m or 30d",
      "m.toml:4: error: rota.orders.sticky.by: \"treads\" is none of \"thread\" or \"sender\" (hint: did you "
      "mean \"thread\"?)",
      "m.toml:4: error: rota.orders.sticky: has no meaning under strategy \"all\" (hint: only round-robin "
      "has turns that can stick)"}},
    {"on error",
     R"([rota.orders]
addresses = ["orders@example.com"]
on_error = "accept"
members = ["ann@example.com"]
)",
     {"m.toml:3: error: rota.orders.on_error: \"accept\" is none of \"defer\" or \"pass\""}},
    {"zone",
     R"([rota.orders]
addresses = ["orders@example.com"]
tz = "Europe/Londn"
members = ["ann@example.com"]
)",
     {"m.toml:3: error: rota.orders.tz: time zone \"Europe/Londn\" is not known; did you mean "
      "\"Europe/London\"?"}},
    {"both forms",
     R"([rota.orders]
addresses = ["orders@example.com"]
members = ["ann@example.com"]
[[rota.orders.member]]
address = "ben@example.com"
)",
     {"m.toml:3: error: rota.orders.members: both \"members\" and [[rota.orders.member]] tables (line 4) "
      "(hint: write all members in one of the two forms)"}},
    {"one member table",
     R"([rota.orders]
addresses = ["orders@example.com"]
[rota.orders.member]
address = "ben@example.com"
)",
     {"m.toml:3: error: rota.orders.member: takes an array of tables, not a table (hint: begin each with "
      "[[rota.orders.member]])"}},
    {"member values",
     R"([rota.orders]
addresses = ["orders@example.com"]
[[rota.orders.member]]
address = "ann@example.com"
weight = 0
hours = "Mon-Fri 8-17"
tz = "Mars/Phobos"
leave = ["2026-13-01", "2026-12-24..2026-12-20"]
max_per_day = 0
paused = "yes"
wieght = 3
[[rota.orders.member]]
weight = 1.5
)",
     {"m.toml:5: error: rota.orders.member.weight: 0 is out of range: from 1 to 1000",
      "m.toml:6: error: rota.orders.member.hours: \"8-17\" is not a span of times such as \"08:00-17:00\"",
      "m.toml:7: error: rota.orders.member.tz: time zone \"Mars/Phobos\" is not known",
      "m.toml:8: error: rota.orders.member.leave: \"2026-13-01\" is not in the calendar (hint: write as in "
      "\"2026-12-24..2027-01-02\")",
      "m.toml:8: error: rota.orders.member.leave: \"2026-12-24..2026-12-20\" ends before it begins (hint: "
      "write as in \"2026-12-24..2027-01-02\")",
      "m.toml:9: error: rota.orders.member.max_per_day: 0 is out of range: from 1 to 1000000",
      "m.toml:10: error: rota.orders.member.paused: takes true or false, not a string",
      "m.toml:11: error: rota.orders.member: unknown key \"wieght\" (hint: did you mean \"weight\"?)",
      "m.toml:12: error: rota.orders.member.address: is missing: a member is known by its address",
      "m.toml:13: error: rota.orders.member.weight: takes a number from 1 to 1000, not a float"}},
    {"members of the wrong type",
     R"([rota.orders]
addresses = 7
members = "ann@example.com"
[rota.sales]
addresses = ["sales@example.com"]
members = ["ann@example.com", 7]
)",
     {"m.toml:2: error: rota.orders.addresses: takes a string or an array of strings, not an integer",
      "m.toml:3: error: rota.orders.members: takes an array, not a string (hint: write members = "
      "[\"ann@example.com\", \"ben@example.com\"])",
      "m.toml:6: error: rota.sales.members: takes addresses and tables, not an integer"}},
    {"names",
     R"([rota."or ders"]
addresses = ["orders@example.com"]
members = ["ann@example.com"]
)",
     {"m.toml:1: error: rota: \"or ders\" is no name (hint: a name is made of letters, digits, _ . and -)"}},
    {"rota no table",
     R"(rota = "x"
)",
     {"m.toml:1: error: rota: takes tables with names, not a string (hint: begin each with [rota.NAME])"}},
    {"rota below no table",
     R"([rota]
orders = ["ann@example.com"]
)",
     {"m.toml:2: error: rota.orders: takes a table, not an array (hint: begin it with [rota.NAME])"}},
    {"schedule",
     R"([rota.oncall]
addresses = ["oncall@example.com"]
strategy = "schedule"
rotate = "monthly"
handoff = "09:00"
members = ["ann@example.com", "ben@example.com"]
)",
     {"m.toml:1: error: rota.oncall.start: is missing: on which day does the first member take over? (hint: "
      "write as in start = 2026-01-05)",
      "m.toml:4: error: rota.oncall.rotate: \"monthly\" is none of \"weekly\" or \"daily\"",
      "m.toml:5: error: rota.oncall.handoff: \"09:00\" is no weekly handoff (hint: write as in \"Mon "
      "09:00\")"}},
    {"schedule daily",
     R"([rota.oncall]
addresses = ["oncall@example.com"]
strategy = "schedule"
rotate = "daily"
handoff = "Mon 09:00"
start = "2026-01-05"
members = ["ann@example.com", "ben@example.com"]
)",
     {"m.toml:5: error: rota.oncall.handoff: \"Mon 09:00\" is no daily handoff (hint: write as in \"09:00\")",
      "m.toml:6: error: rota.oncall.start: takes a date, not a string (hint: write as in start = 2026-01-05, "
      "without quotes)"}},
    {"override",
     R"([rota.oncall]
addresses = ["oncall@example.com"]
strategy = "schedule"
start = 2026-01-05
members = ["ann@example.com", "ben@example.com"]
[[rota.oncall.override]]
member = "bem@example.com"
from = 2026-12-24T09:00:00
until = 2026-12-24T09:00:00
[[rota.oncall.override]]
from = 2026-12-24T09:00:00Z
until = 2026-12-24
[[rota.oncall.override]]
)",
     {"m.toml:7: error: rota.oncall.override.member: \"bem@example.com\" is no member of the rota (hint: did "
      "you mean \"ben@example.com\"?)",
      "m.toml:9: error: rota.oncall.override.until: is not after \"from\"",
      "m.toml:10: error: rota.oncall.override.member: is missing: who is on duty instead?",
      "m.toml:11: error: rota.oncall.override.from: takes a local date-time, not one with a zone (hint: "
      "write as in 2026-12-24T09:00, without quotes and without a zone)",
      "m.toml:12: error: rota.oncall.override.until: takes a local date-time, not a date (hint: write as in "
      "2026-12-24T09:00, without quotes and without a zone)",
      "m.toml:13: error: rota.oncall.override.from: is missing (hint: write as in 2026-12-24T09:00, without "
      "quotes and without a zone)",
      "m.toml:13: error: rota.oncall.override.until: is missing (hint: write as in 2026-12-24T09:00, without "
      "quotes and without a zone)",
      "m.toml:13: error: rota.oncall.override.member: is missing: who is on duty instead?"}},
    {"schedule keys elsewhere",
     R"([rota.orders]
addresses = ["orders@example.com"]
members = ["ann@example.com"]
start = 2026-01-05
handoff = "09:00"
)",
     {"m.toml:4: error: rota.orders.start: has a meaning only under strategy \"schedule\" (hint: write "
      "strategy = \"schedule\")",
      "m.toml:5: error: rota.orders.handoff: has a meaning only under strategy \"schedule\" (hint: write "
      "strategy = \"schedule\")"}},
};

class RotaMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(RotaMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, RotaMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
