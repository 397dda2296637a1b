#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Boxes, secrets and the programs: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
    {"box with everything",
     R"([listener.pull]
protocol = "lmtp"
[box.web]
tokens = [{ file = "/etc/mailrota/secrets/web" }, { credential = "web" }]
users = [{ name = "puller", password = { env = "PULLER" } }]
allow = ["192.0.2.1", "2001:db8::/32"]
lease = "5m"
lease_count = 20
lease_bytes = "5MB"
expire = "2d"
hide = ["Received", "X-Originating-*"]
legacy = true
[[rule]]
then = [{ spool = "web" }]
)",
     {}},
    {"box that anybody could empty",
     R"([box.web]
[box.more]
tokens = []
)",
     {"m.toml:1: error: box.web: has neither a token nor users: anybody could take its mail (hint: write "
      "token = { file = \"/etc/mailrota/secrets/web\" })",
      "m.toml:1: warning: box.web: is never used: no rule names it (hint: write a rule with then = [{ spool "
      "= \"web\" }])",
      "m.toml:2: error: box.more: has neither a token nor users: anybody could take its mail (hint: write "
      "token = { file = \"/etc/mailrota/secrets/more\" })",
      "m.toml:2: warning: box.more: is never used: no rule names it (hint: write a rule with then = [{ spool "
      "= \"more\" }])"}},
    {"secrets in the text",
     R"([box.web]
token = "hunter2"
users = [{ name = "puller", password = "hunter2" }]
[box.more]
tokens = ["hunter2", { file = "hunter2" }, { env = "hunter 2" }, { credential = "../hunter2" }, 2]
[box.most]
token = { file = "/a", env = "B" }
tokens = { fil = "/a" }
)",
     {"m.toml:1: warning: box.web: is never used: no rule names it (hint: write a rule with then = [{ spool "
      "= \"web\" }])",
      "m.toml:2: error: box.web.token: a secret does not stand in the configuration itself (hint: write { "
      "file = \"/etc/mailrota/secrets/NAME\" }, { credential = \"NAME\" } or { env = \"NAME\" })",
      "m.toml:3: error: box.web.users.password: a secret does not stand in the configuration itself (hint: "
      "write { file = \"/etc/mailrota/secrets/NAME\" }, { credential = \"NAME\" } or { env = \"NAME\" })",
      "m.toml:4: warning: box.more: is never used: no rule names it (hint: write a rule with then = [{ spool "
      "= \"more\" }])",
      "m.toml:5: error: box.more.tokens: a secret does not stand in the configuration itself (hint: write { "
      "file = \"/etc/mailrota/secrets/NAME\" }, { credential = \"NAME\" } or { env = \"NAME\" })",
      "m.toml:5: error: box.more.tokens.file: is no absolute path",
      "m.toml:5: error: box.more.tokens.env: is no name of an environment variable",
      "m.toml:5: error: box.more.tokens.credential: is no name of a credential",
      "m.toml:5: error: box.more.tokens: takes a table, not an integer (hint: write { file = "
      "\"/etc/mailrota/secrets/NAME\" }, { credential = \"NAME\" } or { env = \"NAME\" })",
      "m.toml:6: warning: box.most: is never used: no rule names it (hint: write a rule with then = [{ spool "
      "= \"most\" }])",
      "m.toml:7: error: box.most.token: takes exactly one of file, credential and env (hint: write { file = "
      "\"/etc/mailrota/secrets/NAME\" }, { credential = \"NAME\" } or { env = \"NAME\" })",
      "m.toml:8: error: box.most.tokens: unknown key \"fil\" (hint: did you mean \"file\"?)"}},
    {"users of a box",
     R"([box.web]
users = [{ name = "a:b", password = { env = "A" } }, { name = "c" }, { password = { env = "A" } }, { name = "c", password = { env = "A" } }]
[box.more]
users = "ann"
)",
     {"m.toml:1: warning: box.web: is never used: no rule names it (hint: write a rule with then = [{ spool "
      "= \"web\" }])",
      "m.toml:2: error: box.web.users.name: \"a:b\" is no user name: it is empty or has a colon",
      "m.toml:2: error: box.web.users.password: is missing (hint: write password = { file = "
      "\"/etc/mailrota/secrets/NAME\" })",
      "m.toml:2: error: box.web.users.name: is missing",
      "m.toml:2: error: box.web.users.name: \"c\" stands here twice",
      "m.toml:3: warning: box.more: is never used: no rule names it (hint: write a rule with then = [{ spool "
      "= \"more\" }])",
      "m.toml:4: error: box.more.users: takes an array of tables, not a string (hint: begin each with "
      "[[box.more.users]])"}},
    {"limits of a box",
     R"([box.web]
token = { env = "A" }
allow = ["192.0.2.1", "puller.example.com"]
lease = "1s"
lease_count = 1001
lease_bytes = "much"
expire = "5m"
hide = ["Received", "X Y", "*", "X-*-Y", 1]
legacy = 1
expires = "1d"
)",
     {"m.toml:1: warning: box.web: is never used: no rule names it (hint: write a rule with then = [{ spool "
      "= \"web\" }])",
      "m.toml:3: error: box.web.allow: \"puller.example.com\" is no IP address or network (hint: write a "
      "network as in \"192.0.2.0/24\")",
      "m.toml:4: error: box.web.lease: \"1s\" is out of range: from 10s to 1d",
      "m.toml:5: error: box.web.lease_count: 1001 is out of range: from 1 to 1000",
      "m.toml:6: error: box.web.lease_bytes: \"much\" is no size (hint: write bytes, or as in \"200KB\", "
      "\"8MB\")",
      "m.toml:7: error: box.web.expire: is not longer than a lease: mail would expire while it is fetched",
      "m.toml:8: error: box.web.hide: takes strings, not an integer",
      "m.toml:8: error: box.web.hide: \"X Y\" is no name of a header field: 1 to 76 printable ASCII "
      "characters, no colon, no blank",
      "m.toml:8: error: box.web.hide: \"*\" would leave every field out",
      "m.toml:8: error: box.web.hide: \"X-*-Y\" has a * that is not at its end",
      "m.toml:9: error: box.web.legacy: takes true or false, not an integer",
      "m.toml:10: error: box.web: unknown key \"expires\" (hint: did you mean \"expire\"?)"}},
    {"legacy box without users",
     R"([listener.pull]
protocol = "lmtp"
[box.web]
token = { env = "A" }
legacy = true
[[rule]]
then = [{ spool = "web" }]
)",
     {"m.toml:5: warning: box.web.legacy: has no users: PostOffice's own puller knows no token (hint: write "
      "users = [{ name = \"…\", password = { file = \"…\" } }])"}},
    {"box that no rule uses",
     R"([box.web]
token = { env = "A" }
[rota.orders]
addresses = ["orders@example.com"]
members = ["ann@example.com"]
)",
     {"m.toml:1: warning: box.web: is never used: no rule names it (hint: write a rule with then = [{ spool "
      "= \"web\" }])"}},
    {"no such box",
     R"([listener.pull]
protocol = "lmtp"
[box.web]
token = { env = "A" }
[[rule]]
then = [{ spool = "wep" }]
[[rule]]
name = "b"
when.sender = "ann@example.com"
then = [{ spool = ["web"] }]
)",
     {"m.toml:3: warning: box.web: is never used: no rule names it (hint: write a rule with then = [{ spool "
      "= \"web\" }])",
      "m.toml:6: error: rule.then.spool: there is no box \"wep\" (hint: did you mean \"web\"?)",
      "m.toml:7: warning: rule: \"b\" has no effect: \"rule 1\" in line 5 gives every recipient a route "
      "before (hint: give that rule a condition, or move it to the end)",
      "m.toml:10: error: rule.then.spool: takes a string, not an array"}},
    {"two routes with a box",
     R"([listener.pull]
protocol = "lmtp"
reinject = "smtp:127.0.0.1:10026"
[box.web]
token = { env = "A" }
[[rule]]
then = [{ spool = "web" }, { redirect = "ann@example.com" }]
)",
     {"m.toml:7: error: rule.then: a recipient has one route, and line 7 gives it already (hint: for several "
      "recipients write redirect = [\"…\", \"…\"], or use copy)"}},
    {"web with everything",
     R"([web]
sockets = ["unix:/run/mailrota/web.sock", "inet:0.0.0.0:8443"]
socket_mode = "0600"
socket_group = "www-data"
tls = { certificate = "/etc/ssl/chain.pem", key = "/etc/ssl/key.pem" }
trusted_proxies = ["192.0.2.1"]
metrics_allow = []
max_connections = 10
max_body = "1KB"
timeout = "5s"
idle = "10s"
[rota.orders]
addresses = ["orders@example.com"]
members = ["ann@example.com"]
)",
     {}},
    {"sockets of web",
     R"([web]
socket = "inet:127.0.0.1:8025"
sockets = ["/run/web.sock", "inet:[::1]:8025", "inet6:8025@::1", "inet:0.0.0.0:8025"]
socket_mode = "0600"
)",
     {"m.toml:2: error: web.socket: stands beside \"sockets\" (hint: write all of them in sockets = [ … ])",
      "m.toml:3: error: web.sockets: \"/run/web.sock\" is no socket: it begins with none of \"unix:\", "
      "\"inet:\" and \"inet6:\" (hint: write \"unix:/run/web.sock\")",
      "m.toml:3: warning: web.sockets: \"inet:0.0.0.0:8025\" has no TLS: tokens and mails cross the network "
      "readable (hint: write tls = { certificate = \"…\", key = \"…\" }, or listen on 127.0.0.1 behind a "
      "proxy)",
      "m.toml:4: error: web.socket_mode: is of no use: only a unix socket has it"}},
    {"tls of web",
     R"([web]
tls = { certificate = "/chain.pem", keys = "/key.pem" }
max_connections = 0
max_body = "0"
timeout = "2h"
idle = 5
trusted_proxies = "proxy"
metrics_alow = "192.0.2.1"
)",
     {"m.toml:2: error: web.tls: unknown key \"keys\" (hint: did you mean \"key\"?)",
      "m.toml:2: error: web.tls.key: is missing (hint: write tls = { certificate = \"/PATH/fullchain.pem\", "
      "key = \"/PATH/key.pem\" })",
      "m.toml:2: error: web.tls: is of no use: only an inet socket has it",
      "m.toml:3: error: web.max_connections: 0 is out of range: from 1 to 100000",
      "m.toml:4: error: web.max_body: \"0\" is no size (hint: write bytes, or as in \"200KB\", \"8MB\")",
      "m.toml:5: error: web.timeout: \"2h\" is out of range: from 1s to 1h",
      "m.toml:6: error: web.idle: takes a duration such as \"30s\", \"5m\", \"12h\" or \"7d\", not an "
      "integer",
      "m.toml:7: error: web.trusted_proxies: \"proxy\" is no IP address or network (hint: write a network as "
      "in \"192.0.2.0/24\")",
      "m.toml:8: error: web: unknown key \"metrics_alow\" (hint: did you mean \"metrics_allow\"?)"}},
    {"worker",
     R"([worker]
submit = "lmtp:unix:/run/x"
in_flight = 2000
lease = "1s"
first_retry = "1h"
last_retry = "10m"
expire = "10s"
)",
     {"m.toml:2: error: worker.submit: \"lmtp:unix:/run/x\" speaks LMTP: only SMTP will do (hint: mail goes "
      "back to the MTA here: write as in \"smtp:127.0.0.1:10026\")",
      "m.toml:3: error: worker.in_flight: 2000 is out of range: from 1 to 1000",
      "m.toml:4: error: worker.lease: \"1s\" is out of range: from 10s to 1d",
      "m.toml:6: error: worker.last_retry: the longest wait is shorter than the first",
      "m.toml:7: error: worker.expire: \"10s\" is out of range: from 1m to 365d"}},
    {"hostname",
     R"(hostname = "mail example"
[rota.orders]
addresses = ["orders@example.com"]
members = ["ann@example.com"]
)",
     {"m.toml:1: error: hostname: \"mail example\" is no name of a host (hint: write as in hostname = "
      "\"mail.example.com\")"}},
    {"control sockets",
     R"([control]
socket = "/run/mailrota/lmtp.ctl"
)",
     {"m.toml:2: error: control.socket: \"/run/mailrota/lmtp.ctl\" is the socket of another program of ours "
      "(hint: write as in \"/run/mailrota/milter.ctl\")"}},
};

class BoxMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(BoxMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, BoxMessages, testing::ValuesIn(cases), case_name);

TEST(Secrets, AreNeverTold) { expect_untold("hunter", cases); }

}  // namespace
}  // namespace mailrota::config
