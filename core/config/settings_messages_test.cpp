#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// The whole text, and the sections beside rotas and rules: each text with everything that is told of it, word
// for word.
const MessageCase cases[] = {
    {"nothing",
     R"(
)",
     {"m.toml: warning: nothing to do: there is no rota and no rule, every mail passes as it came"}},
    {"comment only",
     R"(# nothing
)",
     {"m.toml: warning: nothing to do: there is no rota and no rule, every mail passes as it came"}},
    {"unknown top",
     R"([rotas.orders]
)",
     {"m.toml:1: error: unknown key \"rotas\" (hint: did you mean \"rota\"?)"}},
    {"later top",
     R"([account.support]
)",
     {"m.toml:1: error: account: this version of mailrota does not have it yet"}},
    {"store",
     R"([store]
url = "mysql://user:secret@host/db"
keep = "1d"
busy = 5
)",
     {"m.toml:2: error: store.url: a store of \"mysql\" is not known (hint: write "
      "\"sqlite:/var/lib/mailrota/state.db\" or \"postgresql://user@host/database\")",
      "m.toml:3: warning: store.keep: is shorter than an MTA keeps mail in its queue, 5 days (hint: a mail "
      "that is offered again later would go to somebody else)",
      "m.toml:4: error: store.busy: takes a duration such as \"30s\", \"5m\", \"12h\" or \"7d\", not an "
      "integer"}},
    {"store typos",
     R"([store]
kep = "7d"
keep = "7 fortnights"
busy = "20000d"
)",
     {"m.toml:2: error: store: unknown key \"kep\" (hint: did you mean \"keep\"?)",
      "m.toml:3: error: store.keep: \"7 fortnights\" is not a duration; write numbers with a unit (s, m, h, "
      "d or w), such as 90s, 1h30m or 30d",
      "m.toml:4: error: store.busy: \"20000d\" is longer than ten years"}},
    {"store by words that may hold a password",
     R"([store]
url = "host=db password=secret:er"
busy = "61m"
)",
     {"m.toml:2: error: store.url: is the URL of no store (hint: write "
      "\"sqlite:/var/lib/mailrota/state.db\" or \"postgresql://user@host/database\")",
      "m.toml:3: error: store.busy: \"61m\" is longer than an hour: the mail system does not wait that "
      "long"}},
    {"store no table",
     R"(store = "sqlite:/x"
)",
     {"m.toml:1: error: store: takes a table, not a string"}},
    {"listener milder",
     R"([listener.inbound]
protocol = "milder"
socket = "/run/x.sock"
socket_mode = 660
trusted = "yes"
drain = "0s"
)",
     {"m.toml:2: error: listener.inbound.protocol: \"milder\" is no protocol (hint: known: \"milter\", "
      "\"lmtp\" or \"smtp\")",
      "m.toml:3: error: listener.inbound.socket: \"/run/x.sock\" is no socket: it begins with none of "
      "\"unix:\", \"inet:\" and \"inet6:\" (hint: write \"unix:/run/x.sock\")",
      "m.toml:4: error: listener.inbound.socket_mode: takes a string, not an integer (hint: write as in "
      "\"0660\")",
      "m.toml:5: error: listener.inbound.trusted: takes true or false, not a string",
      "m.toml:6: error: listener.inbound.drain: \"0s\" is no time at all; a duration must be positive"}},
    {"two milters",
     R"([listener.a]
socket = "inet:10025@127.0.0.1"
[listener.b]
socket = "inet:127.0.0.1:10026"
)",
     {"m.toml:3: error: listener.b: a second milter listener: the first is listener.a in line 1 (hint: one "
      "process has one milter listener: run a second mailrota-milter with a configuration of its own)"}},
    {"sockets",
     R"([listener.a]
socket = "unix:run/x"
[list.a]
file = ""
[list.b]
)",
     {"m.toml:2: error: listener.a.socket: \"unix:run/x\" is no socket: the path of a unix socket must be "
      "absolute (hint: write unix:/PATH, inet:PORT@HOST or inet:HOST:PORT)",
      "m.toml:4: error: list.a.file: a list needs a file",
      "m.toml:5: error: list.b.file: a list needs a file"}},
    {"mode of inet",
     R"([listener.a]
socket = "inet:10025@127.0.0.1"
socket_mode = "9999"
socket_group = "postfix"
)",
     {"m.toml:3: error: listener.a.socket_mode: \"9999\" is no file mode (hint: write as in \"0660\")",
      "m.toml:3: error: listener.a.socket_mode: is of no use: only a unix socket has it",
      "m.toml:4: error: listener.a.socket_group: is of no use: only a unix socket has it"}},
    {"port",
     R"([listener.a]
socket = "inet:127.0.0.1:smtp"
)",
     {"m.toml:2: error: listener.a.socket: \"inet:127.0.0.1:smtp\" is no socket: \"smtp\" is no port from 1 "
      "to 65535 (hint: write unix:/PATH, inet:PORT@HOST or inet:HOST:PORT)"}},
    {"host",
     R"([listener.a]
socket = "inet:10025"
)",
     {"m.toml:2: error: listener.a.socket: \"inet:10025\" is no socket: the host is missing or not "
      "understood (hint: write unix:/PATH, inet:PORT@HOST or inet:HOST:PORT)"}},
    {"family",
     R"([listener.a]
socket = "tcp:10025@127.0.0.1"
)",
     {"m.toml:2: error: listener.a.socket: \"tcp:10025@127.0.0.1\" is no socket: it begins with none of "
      "\"unix:\", \"inet:\" and \"inet6:\" (hint: write unix:/PATH, inet:PORT@HOST or inet:HOST:PORT)"}},
    {"control",
     R"([control]
socket = "run/x"
[log]
target = "syslog"
level = "warn"
)",
     {"m.toml:2: error: control.socket: \"run/x\" is no absolute path (hint: write as in "
      "\"/run/mailrota/milter.ctl\")",
      "m.toml:4: error: log.target: \"syslog\" is none of \"stderr\", \"file\" or \"journal\"",
      "m.toml:5: error: log.level: \"warn\" is none of \"debug\", \"info\", \"warning\" or \"error\""}},
    {"log file",
     R"([log]
target = "file"
)",
     {"m.toml:2: error: log.target: \"file\" needs the key \"file\" (hint: write as in file = "
      "\"/var/log/mailrota/mailrota.log\")"}},
    {"log file unused",
     R"([log]
file = "mailrota.log"
)",
     {"m.toml:2: error: log.file: \"mailrota.log\" is no absolute path",
      "m.toml:2: error: log.file: is of no use: the target is not \"file\" (hint: write target = \"file\")"}},
    {"limits",
     R"([limits]
text_bytes = "8 elephants"
depth = 0
parts = "many"
pattern_match = 99999999999
)",
     {"m.toml:2: error: limits.text_bytes: \"8 elephants\" is no size (hint: write bytes, or as in "
      "\"200KB\", \"8MB\")",
      "m.toml:3: error: limits.depth: 0 is out of range: from 1 to 1000",
      "m.toml:4: error: limits.parts: takes a number from 1 to 1000000, not a string",
      "m.toml:5: error: limits.pattern_match: 99999999999 is out of range: from 1 to 1000000000"}},
    {"list",
     R"([list.vip]
file = "/etc/vip"
)",
     {"m.toml: warning: nothing to do: there is no rota and no rule, every mail passes as it came",
      "m.toml:2: warning: list.vip.file: \"/etc/vip\" cannot be read: No such file or directory (hint: until "
      "it can, what looks into the list cannot be told and mail is deferred)"}},
    {"list name",
     R"([list."v p"]
file = "vip.list"
)",
     {"m.toml:1: error: list: \"v p\" is no name (hint: a name is made of letters, digits, _ . and -)"}},
    {"syntax",
     R"([rota.orders]
addresses = ["orders@example.com"
members = []
)",
     {"m.toml:3: error: this is no TOML, column 1: Error while parsing array: expected comma or closing ']', "
      "saw 'm'"}},
    {"twice",
     R"([store]
keep = "7d"
keep = "8d"
)",
     {"m.toml:3: error: this is no TOML, column 8: Error while parsing key-value pair: cannot redefine "
      "existing string 'keep'"}},
    {"everything at once",
     R"([store]
kep = "7d"
[[rule]]
when.sender = { list = "vip" }
then = [{ rota = "order" }]
[rota.orders]
addresses = ["orders@example.com"]
members = ["ann@", "ben@example.com"]
wieght = 2
[listener.inbound]
socket = "unix:milter.sock"
[[rule]]
when.subject = "/(/"
then = []
)",
     {"m.toml:2: error: store: unknown key \"kep\" (hint: did you mean \"keep\"?)",
      "m.toml:4: error: rule.when.sender: there is no list \"vip\" (hint: write [list.vip] with file = "
      "\"…\")",
      "m.toml:5: error: rule.then.rota: there is no rota \"order\" (hint: did you mean \"orders\"?)",
      "m.toml:8: error: rota.orders.members: the address 'ann@' has no domain after its \"@\"",
      "m.toml:9: error: rota.orders: unknown key \"wieght\" (hint: known: \"addresses\", \"strategy\", "
      "\"members\", \"member\", \"sticky\", \"fallback\", \"on_error\", \"tz\", \"rotate\", \"handoff\", "
      "\"start\", \"override\", \"hold\", \"uncertain\" or \"uncertain_hold\")",
      "m.toml:11: error: listener.inbound.socket: \"unix:milter.sock\" is no socket: the path of a unix "
      "socket must be absolute (hint: write unix:/PATH, inet:PORT@HOST or inet:HOST:PORT)",
      "m.toml:13: error: rule.when.subject: /(/: missing closing parenthesis at offset 1",
      "m.toml:14: error: rule.then: there is no action (hint: write as in then = [{ rota = \"orders\" }])"}},
    {"whole vocabulary",
     R"([store]
url = "sqlite:/var/lib/mailrota/state.db"        # or postgresql://… for several nodes

[listener.inbound]
protocol = "milter"                              # one milter listener a process (libmilter)
socket   = "unix:/var/spool/postfix/mailrota/milter.sock"   # inet:port@host and inet:host:port are both understood

[listener.mailbox]
protocol = "lmtp"
socket   = "unix:/var/spool/postfix/mailrota/lmtp.sock"
next_hop = "lmtp:unix:/run/dovecot/lmtp"         # mail that stays with its recipient
reinject = "smtp:127.0.0.1:10026"                # mail whose recipient changed

[rota.orders]
addresses = ["orders@example.com"]
strategy  = "round-robin"                        # round-robin | failover | schedule | all
sticky    = { by = "thread", for = "30d" }       # a reply goes to whoever has the conversation
fallback  = "office@example.com"                 # when nobody is available
[[rota.orders.member]]                           # or members = ["ann@example.com", …]
address = "ann@example.com"
weight  = 2
hours   = "Mon-Fri 08:00-17:00"
tz      = "Europe/London"
[[rota.orders.member]]
address     = "ben@example.com"
max_per_day = 40

[telephone.twilio]
account = "AC0123456789abcdef0123456789abcdef"
secret  = { file = "/etc/mailrota/secrets/twilio" }
from    = "+15550100"

[calls]
public_url = "https://mail.example.com/call"

[rota.oncall]
strategy = "schedule"
start    = 2026-01-05
members  = [{ phone = "+15550100", language = "en-US" }, { phone = "+15550101" }]

[rota.backup]
members  = [{ phone = "+15550102" }]

[alert.emergency]
say      = "Emergency ticket {ticket}, project {project}, raised by {who}."
key      = "{ticket}"                            # one incident per key
window   = "12h"
escalate = [{ rota = "oncall", tries = 3, wait = "5m" }, { rota = "backup", tries = 2, wait = "5m" }]
acknowledge = "digit"                            # or "sms", or "answer"

[[rule]]
name = "redmine emergency"
when.header.X-Redmine-Issue-Id = '/^(?<ticket>\d+)$/'
when.header.X-Redmine-Project = '/^(?<project>.+)$/'
when.header.From = '/^(?<who>[^<]+)/'
when.body = '/^\W*Priority changed from .+ to Emergency \(Critical\)/m'   # the text that is new in this mail, not what it quotes
then = [{ alert = "emergency" }]                 # an array: actions in this order

[provider.sendgrid]
kind    = "sendgrid"
api_key = { file = "/etc/mailrota/secrets/sendgrid" }   # or { credential = "…" } (systemd) or { env = "…" }

[rota.outbound]
strategy = "failover"                            # first working, kept for `hold`
members  = [{ provider = "sendgrid" }, { provider = "mailgun" }, { provider = "mandrill" }]
hold     = "1h"

[[rule]]
name = "outgoing"
when.listener = "relay"
then = [{ relay = "outbound" }]

[account.support]                                # a mailbox that no MTA of ours receives for
type     = "graph"                               # graph | imap | imaps | imaptls | pop3 | pop3s | pop3tls
mailbox  = "support@example.com"
folder   = "Inbox"
select   = "unread"                              # unread | new | all; a first start never works off history by accident
dispatch = "to"                                  # by the To: address, or { rota = "orders" }
trusted  = false
after    = "mark-read"                           # mark-read | move | delete | keep
)",
     {"m.toml:59: warning: provider.sendgrid: the Message-ID may change: sendgrid does not promise to keep "
      "it over HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:59: warning: provider: the envelope sender does not stay with mail that goes by \"sendgrid\": "
      "bounces go to the provider and come back as events only (hint: where others must see the sender's "
      "address, use a provider of kind smtp)",
      "m.toml:59: warning: relay.notify: no provider has a webhook: senders are not told of bounces that "
      "come after a provider took the mail (hint: write [provider.NAME.webhook], or [relay] with notify = "
      "false)",
      "m.toml:65: error: rota.outbound.members.provider: there is no provider \"mailgun\" (hint: known: "
      "\"sendgrid\")",
      "m.toml:65: error: rota.outbound.members.provider: there is no provider \"mandrill\" (hint: known: "
      "\"sendgrid\")",
      "m.toml:70: error: rule.when.listener: there is no listener \"relay\" (hint: known: \"inbound\" or "
      "\"mailbox\")",
      "m.toml:73: error: account: this version of mailrota does not have it yet"}},
};

class SettingsMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(SettingsMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, SettingsMessages, testing::ValuesIn(cases), case_name);

}  // namespace
}  // namespace mailrota::config
