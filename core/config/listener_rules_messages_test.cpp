#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// What the rules ask of listeners: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
    {"open relay",
     R"([listener.a]
protocol = "smtp"
socket = "inet:0.0.0.0:25"
next_hop = "smtp:mail.example.com:25"
clients = ["192.0.2.0/24", "0.0.0.0/0"]
[listener.b]
protocol = "smtp"
socket = "inet:0.0.0.0:587"
next_hop = "smtp:mail.example.com:25"
clients = "::/0"
tls = { certificate = "/chain.pem", key = "/key.pem" }
users = "/etc/mailrota/users"
[listener.c]
protocol = "lmtp"
socket = "inet:0.0.0.0:24"
next_hop = "lmtp:unix:/run/x"
clients = "0.0.0.0/0"
[[rule]]
when.sender = "ann@example.com"
then = "stop"
)",
     {"m.toml:5: warning: listener.a.clients: lets anybody send mail to anybody: an open relay (hint: write "
      "your own networks, or ask for a password by users = \"/PATH\")",
      "m.toml:17: warning: listener.c.clients: lets anybody send mail to anybody: an open relay (hint: write "
      "the addresses of your own MTAs)"}},
    {"mail that stays has no way",
     R"([listener.mailbox]
protocol = "lmtp"
[[rule]]
when.sender = "ann@example.com"
then = "discard"
)",
     {"m.toml:1: warning: listener.mailbox.next_hop: is missing: mail that stays with its recipient is "
      "deferred (hint: write as in next_hop = \"lmtp:unix:/run/dovecot/lmtp\")"}},
    {"mail that never stays needs no way",
     R"([listener.pull]
protocol = "lmtp"
[box.web]
token = { file = "/etc/mailrota/secrets/web" }
[[rule]]
then = [{ spool = "web" }]
)",
     {}},
    {"rota without a way back",
     R"([listener.mailbox]
protocol = "lmtp"
next_hop = "lmtp:unix:/run/dovecot/lmtp"
[rota.orders]
addresses = ["orders@example.com"]
members = ["ann@example.com"]
)",
     {"m.toml:1: error: listener.mailbox.reinject: is missing: rota \"orders\" in line 4 sends mail on to "
      "others (hint: write as in reinject = \"smtp:127.0.0.1:10026\", where the MTA takes mail past its "
      "content filter)"}},
    {"redirect without a way back",
     R"([listener.inbound]
[listener.mailbox]
protocol = "lmtp"
next_hop = "lmtp:unix:/run/dovecot/lmtp"
[listener.relay]
protocol = "lmtp"
socket = "unix:/run/relay"
next_hop = "lmtp:unix:/run/dovecot/lmtp"
[[rule]]
name = "inbound only"
when.listener = "inbound"
then = [{ redirect = "ann@example.com" }]
[[rule]]
name = "copies"
when.listener = "rel*"
then = [{ copy = "ann@example.com" }]
)",
     {"m.toml:5: error: listener.relay.reinject: is missing: rule \"copies\" in line 13 sends mail on to "
      "others (hint: write as in reinject = \"smtp:127.0.0.1:10026\", where the MTA takes mail past its "
      "content filter)"}},
    {"spool under a milter",
     R"([listener.inbound]
[listener.mailbox]
protocol = "lmtp"
next_hop = "lmtp:unix:/run/dovecot/lmtp"
[box.web]
token = { file = "/etc/mailrota/secrets/web" }
[[rule]]
when.rcpt = "*@web.example.com"
then = [
  { spool = "web" },
]
)",
     {"m.toml:10: error: rule.then.spool: mail of the milter listener \"inbound\" gets here, and a milter "
      "has no queue behind it (hint: in Postfix write mailbox_transport = lmtp:unix:mailrota/lmtp.sock (or "
      "virtual_transport), and in this rule when.listener = \"mailbox\")"}},
    {"spool with no mail listener",
     R"([box.web]
token = { file = "/etc/mailrota/secrets/web" }
[[rule]]
then = [{ spool = "web" }]
)",
     {"m.toml:4: error: rule.then.spool: mail of the milter listener \"inbound\" gets here, and a milter has "
      "no queue behind it (hint: write [listener.mailbox] with protocol = \"lmtp\", in Postfix write "
      "mailbox_transport = lmtp:unix:mailrota/lmtp.sock (or virtual_transport), and in this rule "
      "when.listener = \"mailbox\")"}},
    {"spool behind a listener by address",
     R"([listener.inbound]
[listener.mailbox]
protocol = "lmtp"
socket = "inet6:2424@::1"
next_hop = "lmtp:unix:/run/dovecot/lmtp"
[box.web]
token = { file = "/etc/mailrota/secrets/web" }
[[rule]]
when.any = [{ listener = "in*" }, { sender = "ann@example.com" }]
then = [{ spool = "web" }]
)",
     {"m.toml:10: error: rule.then.spool: mail of the milter listener \"inbound\" gets here, and a milter "
      "has no queue behind it (hint: in Postfix write mailbox_transport = lmtp:inet:[::1]:2424 (or "
      "virtual_transport), and in this rule when.listener = \"mailbox\")"}},
    {"spool that a milter does not get to",
     R"([listener.inbound]
trusted = true
[listener.mailbox]
protocol = "lmtp"
next_hop = "lmtp:unix:/run/dovecot/lmtp"
[box.web]
token = { file = "/etc/mailrota/secrets/web" }
[[rule]]
name = "by listener"
when.listener = "mailbox"
when.sender = "ann@example.com"
then = [{ spool = "web" }]
[[rule]]
name = "by another word for it"
when.not = { listener = "/^in/" }
when.sender = "ben@example.com"
then = [{ spool = "web" }]
[[rule]]
name = "by trust"
when.trusted = false
when.sender = "cho@example.com"
then = [{ spool = "web" }]
[[rule]]
name = "the milter's end"
when.listener = "inbound"
then = "stop"
[[rule]]
name = "all the rest"
when.sender = "dan@example.com"
then = [{ spool = "web" }]
)",
     {}},
    {"quarantine by lmtp",
     R"([listener.inbound]
[listener.mailbox]
protocol = "lmtp"
next_hop = "lmtp:unix:/run/dovecot/lmtp"
[[rule]]
name = "anywhere"
when.sender = "ann@example.com"
then = [{ quarantine = "looks odd" }]
[[rule]]
name = "by milter"
when.listener = "inbound"
then = [{ quarantine = "looks odd" }]
)",
     {"m.toml:8: warning: rule.then.quarantine: only a milter can have mail held: by the listener "
      "\"mailbox\" it is deferred (hint: give the rule a condition: when.listener = \"…\")"}},
    {"single refusals by content need no milter",
     R"([listener.mailbox]
protocol = "lmtp"
next_hop = "lmtp:unix:/run/dovecot/lmtp"
[[rule]]
when.rcpt = "ann@example.com"
when.subject = "*order*"
then = [{ reject = "no" }]
)",
     {}},
};

class ListenerRulesMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(ListenerRulesMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, ListenerRulesMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
