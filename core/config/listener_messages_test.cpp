#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Listeners for LMTP and SMTP: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
    {"lmtp with everything",
     R"([listener.mailbox]
protocol = "lmtp"
socket = "inet:127.0.0.1:2424"
next_hop = "lmtp:unix:/run/dovecot/lmtp"
reinject = "smtp:[::1]:10026"
max_size = "20MB"
max_recipients = 100
max_connections = 50
timeout = "2m"
deadline = "4m"
clients = ["127.0.0.1", "192.0.2.7"]
dsn = false
session_log = "/var/log/mailrota/sessions"
[rota.orders]
addresses = ["orders@example.com"]
members = ["ann@example.com"]
)",
     {}},
    {"smtp with everything",
     R"([listener.house]
protocol = "smtp"
socket = "inet:10025@192.0.2.1"
next_hop = "smtp:mail.example.com:25"
clients = ["192.0.2.0/24", "2001:db8::/32"]
tls = { certificate = "/etc/ssl/chain.pem", key = "/etc/ssl/key.pem" }
tls_required = true
users = "/etc/mailrota/users"
[[rule]]
then = ["discard"]
when.sender = "spam@example.com"
)",
     {}},
    {"keys of another protocol",
     R"([listener.inbound]
next_hop = "lmtp:unix:/run/dovecot/lmtp"
deadline = "5m"
clients = "192.0.2.0/24"
[listener.mailbox]
protocol = "lmtp"
next_hop = "lmtp:unix:/run/dovecot/lmtp"
users = "/etc/mailrota/users"
tls_required = true
[[rule]]
when.sender = "ann@example.com"
then = "stop"
)",
     {"m.toml:2: error: listener.inbound.next_hop: has a meaning only under protocol \"lmtp\" or \"smtp\" "
      "(hint: write protocol = \"lmtp\")",
      "m.toml:3: error: listener.inbound.deadline: has a meaning only under protocol \"lmtp\" or \"smtp\" "
      "(hint: write protocol = \"lmtp\")",
      "m.toml:4: error: listener.inbound.clients: has a meaning only under protocol \"lmtp\" or \"smtp\" "
      "(hint: write protocol = \"lmtp\")",
      "m.toml:8: error: listener.mailbox.users: has a meaning only under protocol \"smtp\" (hint: write "
      "protocol = \"smtp\")",
      "m.toml:9: error: listener.mailbox.tls_required: has a meaning only under protocol \"smtp\" (hint: "
      "write protocol = \"smtp\")"}},
    {"endpoints",
     R"([listener.a]
protocol = "lmtp"
next_hop = "unix:/run/dovecot/lmtp"
reinject = "lmtp:unix:/run/x"
[listener.b]
protocol = "lmtp"
socket = "unix:/run/b"
next_hop = "lmtp:dovecot.example.com"
reinject = "smtp:::1:25"
[listener.c]
protocol = "lmtp"
socket = "unix:/run/c"
next_hop = "lmtp:unix:run/x"
reinject = 25
[listener.d]
protocol = "lmtp"
socket = "unix:/run/d"
next_hop = "smtp:host:smtp"
reinject = "smtp:[::1]"
[[rule]]
then = [{ redirect = "ann@example.com" }]
)",
     {"m.toml:3: error: listener.a.next_hop: \"unix:/run/dovecot/lmtp\" is no mail server: it begins with "
      "neither \"lmtp:\" nor \"smtp:\" (hint: write as in \"smtp:127.0.0.1:10026\" or "
      "\"lmtp:unix:/run/dovecot/lmtp\")",
      "m.toml:4: error: listener.a.reinject: \"lmtp:unix:/run/x\" speaks LMTP: only SMTP will do (hint: mail "
      "goes back to the MTA here: write as in \"smtp:127.0.0.1:10026\")",
      "m.toml:8: error: listener.b.next_hop: \"lmtp:dovecot.example.com\" is no mail server: the port is "
      "missing: no port is taken for granted (hint: write as in \"smtp:127.0.0.1:10026\" or "
      "\"lmtp:unix:/run/dovecot/lmtp\")",
      "m.toml:9: error: listener.b.reinject: \"smtp:::1:25\" is no mail server: an IPv6 address stands in "
      "brackets (hint: write as in \"smtp:127.0.0.1:10026\" or \"lmtp:unix:/run/dovecot/lmtp\")",
      "m.toml:13: error: listener.c.next_hop: \"lmtp:unix:run/x\" is no mail server: the path of a unix "
      "socket must be absolute (hint: write as in \"smtp:127.0.0.1:10026\" or "
      "\"lmtp:unix:/run/dovecot/lmtp\")",
      "m.toml:14: error: listener.c.reinject: takes a string, not an integer",
      "m.toml:18: error: listener.d.next_hop: \"smtp:host:smtp\" is no mail server: \"smtp\" is no port from "
      "1 to 65535 (hint: write as in \"smtp:127.0.0.1:10026\" or \"lmtp:unix:/run/dovecot/lmtp\")",
      "m.toml:19: error: listener.d.reinject: \"smtp:[::1]\" is no mail server: the port is missing: no port "
      "is taken for granted (hint: write as in \"smtp:127.0.0.1:10026\" or "
      "\"lmtp:unix:/run/dovecot/lmtp\")"}},
    {"sockets of mail listeners",
     R"([listener.a]
protocol = "lmtp"
socket = "inet:127.0.0.1:25"
next_hop = "lmtp:unix:/run/x"
[listener.b]
protocol = "smtp"
next_hop = "lmtp:unix:/run/x"
[listener.c]
protocol = "smtp"
socket = "unix:/run/c"
clients = "192.0.2.0/24"
next_hop = "lmtp:unix:/run/c"
[listener.d]
protocol = "lmtp"
socket = "unix:/run/c"
clients = "192.0.2.0/24"
next_hop = "lmtp:unix:/run/x"
[listener.e]
protocol = "lmtp"
socket = "inet6:24@::1"
next_hop = "lmtp:[::1]:24"
[[rule]]
when.sender = "ann@example.com"
then = "stop"
)",
     {"m.toml:3: error: listener.a.socket: LMTP is not spoken on port 25, where others expect SMTP (RFC 2033 "
      "section 5) (hint: write another port, as in \"inet:127.0.0.1:24\")",
      "m.toml:5: error: listener.b.socket: is missing: an SMTP listener says where it listens (hint: write "
      "as in socket = \"inet:127.0.0.1:10025\")",
      "m.toml:8: error: listener.c.next_hop: \"lmtp:unix:/run/c\" is this listener itself: mail would go "
      "round",
      "m.toml:11: error: listener.c.clients: is of no use: a unix socket has clients without address",
      "m.toml:13: error: listener.d: \"unix:/run/c\" is the socket of listener.c in line 8, too (hint: give "
      "each listener a socket of its own)",
      "m.toml:16: error: listener.d.clients: is of no use: a unix socket has clients without address",
      "m.toml:18: error: listener.e.next_hop: \"lmtp:[::1]:24\" is this listener itself: mail would go "
      "round"}},
    {"tls and users",
     R"([listener.a]
protocol = "smtp"
socket = "inet:127.0.0.1:10025"
next_hop = "lmtp:unix:/run/x"
tls_required = true
users = "/etc/mailrota/users"
[listener.b]
protocol = "smtp"
socket = "inet:127.0.0.1:10026"
next_hop = "lmtp:unix:/run/x"
clients = []
tls = { certificate = "chain.pem" }
users = "users"
[listener.c]
protocol = "smtp"
socket = "unix:/run/c"
next_hop = "lmtp:unix:/run/x"
clients = "192.0.2.1/24"
users = "/etc/mailrota/users"
[[rule]]
when.sender = "ann@example.com"
then = "stop"
)",
     {"m.toml:5: error: listener.a.tls_required: needs the key \"tls\" (hint: write tls = { certificate = "
      "\"…\", key = \"…\" })",
      "m.toml:6: error: listener.a.users: needs the key \"tls\": passwords would cross the network readable "
      "(hint: write tls = { certificate = \"…\", key = \"…\" })",
      "m.toml:11: error: listener.b.clients: is empty: nobody could connect",
      "m.toml:12: error: listener.b.tls.key: is missing (hint: write tls = { certificate = "
      "\"/PATH/fullchain.pem\", key = \"/PATH/key.pem\" })",
      "m.toml:12: error: listener.b.tls.certificate: \"chain.pem\" is no absolute path",
      "m.toml:13: error: listener.b.users: \"users\" is no absolute path",
      "m.toml:18: error: listener.c.clients: \"192.0.2.1/24\" has bits set after its prefix (hint: write a "
      "network as in \"192.0.2.0/24\")",
      "m.toml:18: error: listener.c.clients: is of no use: a unix socket has clients without address",
      "m.toml:19: error: listener.c.users: needs the key \"tls\": passwords are asked for only after "
      "STARTTLS "
      "(hint: write tls = { certificate = \"…\", key = \"…\" })"}},
    {"numbers and times of mail listeners",
     R"([listener.a]
protocol = "lmtp"
next_hop = "lmtp:unix:/run/x"
max_size = 0
max_recipients = 0
max_connections = "many"
timeout = "2h"
deadline = "10m"
dsn = "yes"
session_log = "sessions"
[listener.b]
protocol = "lmtp"
socket = "unix:/run/b"
next_hop = "lmtp:unix:/run/x"
deadline = "560s"
[lmtp]
threads = 65
[[rule]]
when.sender = "ann@example.com"
then = "stop"
)",
     {"m.toml:4: error: listener.a.max_size: 0 is out of range: from 1 to 1099511627776",
      "m.toml:5: error: listener.a.max_recipients: 0 is out of range: from 1 to 100000",
      "m.toml:6: error: listener.a.max_connections: takes a number from 1 to 100000, not a string",
      "m.toml:7: error: listener.a.timeout: \"2h\" is out of range: from 1s to 1h",
      "m.toml:8: error: listener.a.deadline: is not shorter than the MTA waits for our reply, 600 s (hint: "
      "Postfix calls that lmtp_data_done_timeout: a mail that is answered too late is sent twice)",
      "m.toml:9: error: listener.a.dsn: takes true or false, not a string",
      "m.toml:10: error: listener.a.session_log: \"sessions\" is no absolute path",
      "m.toml:15: warning: listener.b.deadline: is close to what the MTA waits for our reply, 600 s (hint: "
      "leave a minute: a mail that is answered too late is sent twice)",
      "m.toml:17: error: lmtp.threads: 65 is out of range: from 1 to 64"}},
};

class ListenerMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(ListenerMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, ListenerMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
