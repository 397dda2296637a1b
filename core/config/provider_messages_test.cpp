#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Providers, their webhooks and relaying as a whole: each text with everything that is told of it, word for
// word.
const MessageCase cases[] = {
    {"every kind",
     R"([listener.relay]
protocol = "lmtp"
[[rule]]
when.listener = "relay"
then = [{ relay = "outbound" }]
[rota.outbound]
members = [{ provider = "sg" }, { provider = "mg" }, { provider = "md" }, { provider = "aws" }, { provider = "pm" }, { provider = "sp" }, { provider = "rs" }, { provider = "own" }]
[provider.sg]
kind = "sendgrid"
region = "eu"
api_key = { file = "/a" }
webhook = { secret = { file = "/b" }, allow = "192.0.2.0/24" }
[provider.mg]
kind = "mailgun"
domain = "mg.example.com"
api_key = { credential = "mg" }
proxy = "http://proxy.example.com:3128"
webhook = { secrets = [{ file = "/b" }, { file = "/c" }] }
[provider.md]
kind = "mandrill"
api_key = { env = "MANDRILL" }
base_url = "http://127.0.0.1:8025/mandrill"
webhook = { secret = { file = "/b" }, url = "https://u:p@hook.example.com/hook/md?n=1" }
[provider.aws]
kind = "ses"
region = "eu-west-1"
access_key = { file = "/a" }
secret_key = { file = "/b" }
configuration_set = "mails"
webhook = { topics = ["arn:aws:sns:eu-west-1:123456789012:mails"] }
[provider.pm]
kind = "postmark"
transport = "smtp"
api_key = { file = "/a" }
message_stream = "outbound"
webhook = { users = [{ name = "events", password = { file = "/b" } }] }
[provider.sp]
kind = "sparkpost"
transport = "smtp"
password = { file = "/a" }
host = "smtp.eu.sparkpostmail.com:2525"
[provider.rs]
kind = "resend"
api_key = { file = "/a" }
lossy = "send"
max_recipients = 10
max_size = "5MB"
timeout = "20s"
in_flight = 8
status_url = "https://status.example.com/api/v2/summary.json"
[provider.own]
kind = "smtp"
host = "[::1]:2525"
security = "none"
ca_file = "/etc/ssl/own.pem"
[relay]
failures = 5
open = "2m"
longest_open = "1h"
suppress = ["bounced", "unsubscribed"]
[events]
command = "/usr/local/bin/events"
url = "https://app.example.com/events"
secret = { file = "/e" }
ca_file = "/etc/ssl/app.pem"
expire = "1d"
max_body = "30MB"
)",
     {"m.toml:8: warning: provider.sg: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:8: warning: provider: the envelope sender does not stay with mail that goes by \"sg\", \"mg\", "
      "\"md\", \"aws\", \"pm\", \"sp\", \"rs\": bounces go to the provider and come back as events only "
      "(hint: where others must see the sender's address, use a provider of kind smtp)",
      "m.toml:19: warning: provider.md: the Message-ID may change: mandrill does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:24: warning: provider.aws: the Message-ID may change: ses does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:42: warning: provider.rs: the Message-ID may change: resend does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)"}},
    {"nothing but a name",
     R"([provider.sendgird]
[provider.mail]
kind = "sendgird"
[provider."a/b"]
kind = "smtp"
[provider.".."]
kind = 7
[provider.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]
kind = "smtp"
host = "mail.example.com:587"
kindness = "much"
)",
     {"m.toml:1: error: provider.sendgird.kind: is missing (hint: write kind = \"sendgrid\")",
      "m.toml:1: warning: provider.sendgird: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"sendgird\" }])",
      "m.toml:2: warning: provider.mail: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"mail\" }])",
      "m.toml:3: error: provider.mail.kind: \"sendgird\" is none of \"sendgrid\", \"mailgun\", \"mandrill\", "
      "\"ses\", \"postmark\", \"sparkpost\", \"resend\" or \"smtp\" (hint: did you mean \"sendgrid\"?)",
      "m.toml:4: error: provider: \"a/b\" is no name (hint: a name is made of letters, digits, _ . and -)",
      "m.toml:4: error: provider.a/b.host: is missing (hint: write as in host = \"smtp.example.com:587\")",
      "m.toml:4: warning: provider.a/b: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"a/b\" }])",
      "m.toml:6: error: provider...: begins with a dot, which is no path of a URL (hint: the provider's "
      "events come to /hook/NAME)",
      "m.toml:6: warning: provider...: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"..\" }])",
      "m.toml:7: error: provider....kind: takes a string, not an integer",
      "m.toml:8: error: provider.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: is too "
      "long a name: at most 64 bytes (hint: the provider's events come to /hook/NAME)",
      "m.toml:8: warning: provider.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: is "
      "never used: it is a member of no rota (hint: write [rota.outbound] with members = [{ provider = "
      "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" }])",
      "m.toml:11: error: provider.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: unknown "
      "key \"kindness\""}},
    {"what an account needs",
     R"([provider.sg]
kind = "sendgrid"
[provider.mg]
kind = "mailgun"
[provider.aws]
kind = "ses"
[provider.pm]
kind = "postmark"
transport = "smtp"
[provider.awsmail]
kind = "ses"
transport = "smtp"
[provider.mgmail]
kind = "mailgun"
transport = "smtp"
[provider.own]
kind = "smtp"
)",
     {"m.toml:1: error: provider.sg.api_key: is missing (hint: write api_key = { file = "
      "\"/etc/mailrota/secrets/sg\" })",
      "m.toml:1: warning: provider.sg: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"sg\" }])",
      "m.toml:1: warning: provider.sg: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:1: warning: provider: the envelope sender does not stay with mail that goes by \"sg\", \"mg\", "
      "\"aws\", \"pm\", \"awsmail\", \"mgmail\": bounces go to the provider and come back as events only "
      "(hint: where others must see the sender's address, use a provider of kind smtp)",
      "m.toml:1: warning: relay.notify: no provider has a webhook: senders are not told of bounces that come "
      "after a provider took the mail (hint: write [provider.NAME.webhook], or [relay] with notify = false)",
      "m.toml:3: error: provider.mg.domain: is missing (hint: write the domain that sends, as in domain = "
      "\"mg.example.com\")",
      "m.toml:3: error: provider.mg.api_key: is missing (hint: write api_key = { file = "
      "\"/etc/mailrota/secrets/mg\" })",
      "m.toml:3: warning: provider.mg: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"mg\" }])",
      "m.toml:5: error: provider.aws.region: is missing (hint: write the AWS region, as in region = "
      "\"eu-west-1\")",
      "m.toml:5: error: provider.aws.access_key: is missing (hint: write access_key = { file = "
      "\"/etc/mailrota/secrets/aws\" })",
      "m.toml:5: error: provider.aws.secret_key: is missing (hint: write secret_key = { file = "
      "\"/etc/mailrota/secrets/aws\" })",
      "m.toml:5: warning: provider.aws: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"aws\" }])",
      "m.toml:5: warning: provider.aws: the Message-ID may change: ses does not promise to keep it over HTTP "
      "(hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:7: error: provider.pm.api_key: is missing (hint: write api_key = { file = "
      "\"/etc/mailrota/secrets/pm\" })",
      "m.toml:7: warning: provider.pm: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"pm\" }])",
      "m.toml:10: error: provider.awsmail.region: is missing (hint: write the AWS region, as in region = "
      "\"eu-west-1\")",
      "m.toml:10: error: provider.awsmail.password: is missing (hint: write password = { file = "
      "\"/etc/mailrota/secrets/awsmail\" })",
      "m.toml:10: error: provider.awsmail.user: is missing (hint: write the SMTP user that SES made for the "
      "account, user = \"AKIA…\", and its password)",
      "m.toml:10: warning: provider.awsmail: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"awsmail\" }])",
      "m.toml:10: warning: provider.awsmail: the Message-ID may change: ses does not promise to keep it over "
      "SMTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:13: error: provider.mgmail.api_key: is missing (hint: write api_key = { file = "
      "\"/etc/mailrota/secrets/mgmail\" })",
      "m.toml:13: error: provider.mgmail.user: is missing (hint: write as in user = "
      "\"postmaster@mg.example.com\")",
      "m.toml:13: warning: provider.mgmail: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"mgmail\" }])",
      "m.toml:16: error: provider.own.host: is missing (hint: write as in host = \"smtp.example.com:587\")",
      "m.toml:16: warning: provider.own: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"own\" }])"}},
    {"what an account cannot have",
     R"([provider.sg]
kind = "sendgrid"
api_key = "hunter2"
access_key = { file = "/a" }
domain = "example.com"
region = "us"
host = "smtp.sendgrid.net:587"
security = "tls"
user = "apikey"
password = { file = "/a" }
message_stream = "x"
configuration_set = "x"
[provider.aws]
kind = "ses"
region = "Ireland"
api_key = { file = "/a" }
access_key = { file = "/a" }
secret_key = { file = "/a" }
configuration_set = "a b"
[provider.md]
kind = "mandrill"
transport = "smtp"
region = "eu"
base_url = "https://mandrillapp.com"
proxy = "http://proxy.example.com:3128"
secret_key = { file = "/a" }
api_key = { file = "/a" }
[provider.own]
kind = "smtp"
transport = "http"
host = "mail.example.com:587"
region = "eu"
)",
     {"m.toml:1: warning: provider.sg: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"sg\" }])",
      "m.toml:1: warning: provider.sg: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:1: warning: provider: the envelope sender does not stay with mail that goes by \"sg\", "
      "\"aws\", \"md\": bounces go to the provider and come back as events only (hint: where others must see "
      "the sender's address, use a provider of kind smtp)",
      "m.toml:1: warning: relay.notify: no provider has a webhook: senders are not told of bounces that come "
      "after a provider took the mail (hint: write [provider.NAME.webhook], or [relay] with notify = false)",
      "m.toml:3: error: provider.sg.api_key: a secret does not stand in the configuration itself (hint: "
      "write { file = \"/etc/mailrota/secrets/NAME\" }, { credential = \"NAME\" } or { env = \"NAME\" })",
      "m.toml:4: error: provider.sg.access_key: is of no use: only SES has it (hint: write api_key)",
      "m.toml:5: error: provider.sg.domain: is of no use: only Mailgun asks for the domain",
      "m.toml:6: error: provider.sg.region: \"us\" is no region of sendgrid (hint: write \"eu\" for an "
      "account in the EU; for any other leave it out)",
      "m.toml:7: error: provider.sg.host: is of no use: mail goes by HTTP (hint: write transport = \"smtp\" "
      "to hand mail to an SMTP host)",
      "m.toml:8: error: provider.sg.security: is of no use: mail goes by HTTP (hint: write transport = "
      "\"smtp\" to hand mail to an SMTP host)",
      "m.toml:9: error: provider.sg.user: is of no use: mail goes by HTTP (hint: write transport = \"smtp\" "
      "to hand mail to an SMTP host)",
      "m.toml:10: error: provider.sg.password: is of no use: mail goes by HTTP (hint: write transport = "
      "\"smtp\" to hand mail to an SMTP host)",
      "m.toml:11: error: provider.sg.message_stream: is of no use: only Postmark has streams",
      "m.toml:12: error: provider.sg.configuration_set: is of no use: only SES has configuration sets",
      "m.toml:13: warning: provider.aws: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"aws\" }])",
      "m.toml:13: warning: provider.aws: the Message-ID may change: ses does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:15: error: provider.aws.region: \"Ireland\" is no AWS region (hint: write as in region = "
      "\"eu-west-1\")",
      "m.toml:16: error: provider.aws.api_key: is of no use: SES has an access key, of two parts (hint: "
      "write access_key and secret_key)",
      "m.toml:19: error: provider.aws.configuration_set: \"a b\" is no name of letters, digits, - and _",
      "m.toml:20: warning: provider.md: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"md\" }])",
      "m.toml:20: warning: provider.md: the Message-ID may change: mandrill does not promise to keep it over "
      "SMTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:23: error: provider.md.region: is of no use: mandrill has none",
      "m.toml:24: error: provider.md.base_url: is of no use: mail goes by SMTP (hint: write host, or "
      "transport = \"http\")",
      "m.toml:25: error: provider.md.proxy: is of no use: mail goes by SMTP (hint: write host, or transport "
      "= \"http\")",
      "m.toml:26: error: provider.md.secret_key: is of no use: mail goes by SMTP (hint: write user and "
      "password, as the account has them for SMTP)",
      "m.toml:28: warning: provider.own: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"own\" }])",
      "m.toml:30: error: provider.own.transport: is http, but a provider of kind smtp speaks SMTP (hint: "
      "leave it out)",
      "m.toml:32: error: provider.own.region: is of no use: smtp has none"}},
    {"base urls",
     R"([provider.a]
kind = "sendgrid"
api_key = { file = "/a" }
base_url = "http://api.example.com"
[provider.b]
kind = "sendgrid"
api_key = { file = "/a" }
base_url = "https://api.example.com/v3/"
[provider.c]
kind = "sendgrid"
api_key = { file = "/a" }
base_url = "https://api.example.com?key=hunter2"
[provider.d]
kind = "sendgrid"
api_key = { file = "/a" }
base_url = "https://me:hunter2@api.example.com"
proxy = "http://me:hunter2@proxy.example.com"
[provider.e]
kind = "mailgun"
api_key = { file = "/a" }
domain = "v3/mg.example.com"
base_url = "api.example.com/hunter2"
proxy = "https://proxy.example.com/path"
status_url = "http://status.example.com"
)",
     {"m.toml:1: warning: provider.a: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"a\" }])",
      "m.toml:1: warning: provider.a: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:1: warning: provider: the envelope sender does not stay with mail that goes by \"a\", \"b\", "
      "\"c\", \"d\", \"e\": bounces go to the provider and come back as events only (hint: where others must "
      "see the sender's address, use a provider of kind smtp)",
      "m.toml:1: warning: relay.notify: no provider has a webhook: senders are not told of bounces that come "
      "after a provider took the mail (hint: write [provider.NAME.webhook], or [relay] with notify = false)",
      "m.toml:4: error: provider.a.base_url: is http://: keys and mails would cross the network readable "
      "(hint: write https://; only 127.0.0.1, [::1] and localhost may go without)",
      "m.toml:5: warning: provider.b: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"b\" }])",
      "m.toml:5: warning: provider.b: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:8: error: provider.b.base_url: ends with a slash (hint: leave the slash out)",
      "m.toml:9: warning: provider.c: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"c\" }])",
      "m.toml:9: warning: provider.c: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:12: error: provider.c.base_url: has a query or fragment: it is what paths are written behind "
      "(hint: write as in \"https://api.sendgrid.com\")",
      "m.toml:13: warning: provider.d: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"d\" }])",
      "m.toml:13: warning: provider.d: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:16: error: provider.d.base_url: has a user or password in it, which does not belong there",
      "m.toml:17: error: provider.d.proxy: has a user or password in it, which does not belong there",
      "m.toml:18: warning: provider.e: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"e\" }])",
      "m.toml:21: error: provider.e.domain: \"v3/mg.example.com\" is no domain (hint: write as in domain = "
      "\"mg.example.com\")",
      "m.toml:22: error: provider.e.base_url: is no URL: it does not begin with https:// (hint: write as in "
      "\"https://api.mailgun.net\")",
      "m.toml:23: error: provider.e.proxy: has a path or query, which no proxy has",
      "m.toml:24: error: provider.e.status_url: is http://: keys and mails would cross the network readable "
      "(hint: write https://; only 127.0.0.1, [::1] and localhost may go without)"}},
    {"hosts and logins",
     R"([provider.a]
kind = "smtp"
host = "mail.example.com"
security = "none"
user = "me"
[provider.b]
kind = "smtp"
host = "unix:/run/mail"
password = { file = "/a" }
[provider.c]
kind = "smtp"
host = "mail.example.com:587"
security = "ssl"
user = ""
password = { file = "/a" }
api_key = { file = "/a" }
[provider.d]
kind = "smtp"
host = "mail.example.com:465"
security = "starttls"
[provider.e]
kind = "resend"
transport = "smtp"
host = "mail.example.com:2525"
security = "none"
password = { file = "/a" }
)",
     {"m.toml:1: error: provider.a.password: is missing (hint: write password = { file = "
      "\"/etc/mailrota/secrets/a\" })",
      "m.toml:1: warning: provider.a: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"a\" }])",
      "m.toml:3: error: provider.a.host: \"mail.example.com\" is no mail server: the port is missing: no "
      "port is taken for granted (hint: write as in host = \"smtp.example.com:587\")",
      "m.toml:4: error: provider.a.security: is none: passwords and mails would cross the network readable "
      "(hint: write \"starttls\" or \"tls\"; only 127.0.0.1, [::1] and localhost may go without)",
      "m.toml:6: error: provider.b.user: is missing (hint: write as in user = \"name\")",
      "m.toml:6: warning: provider.b: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"b\" }])",
      "m.toml:8: error: provider.b.host: \"unix:/run/mail\" is no mail server: a provider is not behind a "
      "unix socket (hint: write as in host = \"smtp.example.com:587\")",
      "m.toml:10: warning: provider.c: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"c\" }])",
      "m.toml:13: error: provider.c.security: \"ssl\" is none of \"none\", \"starttls\" or \"tls\"",
      "m.toml:14: error: provider.c.user: is empty (hint: write as in user = \"name\")",
      "m.toml:16: error: provider.c.api_key: stands beside \"password\", which is the same (hint: write one "
      "of them)",
      "m.toml:17: warning: provider.d: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"d\" }])",
      "m.toml:20: warning: provider.d.security: is starttls, but on port 465 TLS begins with the first byte "
      "(hint: write \"tls\", or port 587)",
      "m.toml:21: warning: provider.e: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"e\" }])",
      "m.toml:21: warning: provider.e: the Message-ID may change: resend does not promise to keep it over "
      "SMTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:21: warning: provider: the envelope sender does not stay with mail that goes by \"e\": bounces "
      "go to the provider and come back as events only (hint: where others must see the sender's address, "
      "use a provider of kind smtp)",
      "m.toml:21: warning: relay.notify: no provider has a webhook: senders are not told of bounces that "
      "come after a provider took the mail (hint: write [provider.NAME.webhook], or [relay] with notify = "
      "false)",
      "m.toml:25: error: provider.e.security: is none: passwords and mails would cross the network readable "
      "(hint: write \"starttls\" or \"tls\"; only 127.0.0.1, [::1] and localhost may go without)"}},
    {"limits",
     R"([provider.a]
kind = "smtp"
host = "mail.example.com:587"
max_recipients = 0
max_size = "much"
timeout = "11m"
in_flight = 100001
lossy = "maybe"
tracking = "no"
ca_file = "own.pem"
)",
     {"m.toml:1: warning: provider.a: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"a\" }])",
      "m.toml:4: error: provider.a.max_recipients: 0 is out of range: from 1 to 100000",
      "m.toml:5: error: provider.a.max_size: \"much\" is no size (hint: write bytes, or as in \"200KB\", "
      "\"8MB\")",
      "m.toml:6: error: provider.a.timeout: \"11m\" is out of range: from 1s to 10m",
      "m.toml:7: error: provider.a.in_flight: 100001 is out of range: from 1 to 100000",
      "m.toml:8: error: provider.a.lossy: \"maybe\" is none of \"refuse\" or \"send\"",
      "m.toml:9: error: provider.a.tracking: takes true or false, not a string",
      "m.toml:10: error: provider.a.ca_file: \"own.pem\" is no absolute path"}},
    {"webhooks without a key",
     R"([provider.sg]
kind = "sendgrid"
api_key = { file = "/a" }
webhook = {}
[provider.md]
kind = "mandrill"
api_key = { file = "/a" }
webhook = { secrets = [], users = [{ name = "events", password = { file = "/b" } }] }
[provider.aws]
kind = "ses"
region = "eu-west-1"
access_key = { file = "/a" }
secret_key = { file = "/b" }
webhook = { allow = [] }
[provider.pm]
kind = "postmark"
api_key = { file = "/a" }
webhook = { allow = "192.0.2.0/24" }
[provider.own]
kind = "smtp"
host = "mail.example.com:587"
webhook = { users = [{ name = "events", password = { file = "/b" } }] }
)",
     {"m.toml:1: warning: provider.sg: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"sg\" }])",
      "m.toml:1: warning: provider.sg: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:1: warning: provider: the envelope sender does not stay with mail that goes by \"sg\", \"md\", "
      "\"aws\", \"pm\": bounces go to the provider and come back as events only (hint: where others must see "
      "the sender's address, use a provider of kind smtp)",
      "m.toml:4: error: provider.sg.webhook.secret: is missing: anybody could send events (hint: sendgrid "
      "signs them: write secret = { file = \"/etc/mailrota/secrets/NAME\" }, which holds the public key of "
      "its signed event webhook)",
      "m.toml:5: warning: provider.md: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"md\" }])",
      "m.toml:5: warning: provider.md: the Message-ID may change: mandrill does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:8: error: provider.md.webhook.secret: is missing: anybody could send events (hint: mandrill "
      "signs them: write secret = { file = \"/etc/mailrota/secrets/NAME\" }, which holds the webhook's key)",
      "m.toml:8: error: provider.md.webhook.url: is missing: Mandrill signs the webhook's URL, too (hint: "
      "write it exactly as it stands at Mandrill, as in \"https://mail.example.com/hook/mandrill\")",
      "m.toml:9: warning: provider.aws: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"aws\" }])",
      "m.toml:9: warning: provider.aws: the Message-ID may change: ses does not promise to keep it over HTTP "
      "(hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:14: error: provider.aws.webhook.allow: is empty: no event could come",
      "m.toml:14: error: provider.aws.webhook.topics: is missing: anybody could send events (hint: write as "
      "in topics = \"arn:aws:sns:eu-west-1:123456789012:mail\")",
      "m.toml:15: warning: provider.pm: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"pm\" }])",
      "m.toml:18: error: provider.pm.webhook.users: is missing: anybody could send events (hint: postmark "
      "signs nothing: write users = [{ name = \"events\", password = { file = \"/etc/mailrota/secrets/NAME\" "
      "} }], and there https://events:PASSWORD@HOST/hook/NAME)",
      "m.toml:19: warning: provider.own: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"own\" }])",
      "m.toml:22: error: provider.own.webhook: is of no use: a provider of kind smtp tells no events"}},
    {"webhooks with too much",
     R"([provider.rs]
kind = "resend"
api_key = { file = "/a" }
[provider.rs.webhook]
secret = "whsec_hunter2"
url = "https://hook.example.com/hook/rs"
topics = "arn:aws:sns:eu-west-1:123456789012:mails"
user = "x"
[provider.aws]
kind = "ses"
region = "eu-west-1"
access_key = { file = "/a" }
secret_key = { file = "/b" }
webhook = { secret = { file = "/b" }, topics = ["mails", "arn:aws:sns:eu-west-1:123456789012:*"] }
[provider.sp]
kind = "sparkpost"
api_key = { file = "/a" }
webhook = { secret = { file = "/b" }, users = [{ name = "events" }], allow = "192.0.2.1/24" }
[provider.md]
kind = "mandrill"
api_key = { file = "/a" }
webhook = { secret = { file = "/b" }, url = "hook.example.com/hunter2" }
)",
     {"m.toml:1: warning: provider.rs: is never used: it is a member of no rota (hint: write [rota.outbound] "
      "with members = [{ provider = \"rs\" }])",
      "m.toml:1: warning: provider.rs: the Message-ID may change: resend does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:1: warning: provider: the envelope sender does not stay with mail that goes by \"rs\", "
      "\"aws\", \"sp\", \"md\": bounces go to the provider and come back as events only (hint: where others "
      "must see the sender's address, use a provider of kind smtp)",
      "m.toml:5: error: provider.rs.webhook.secret: a secret does not stand in the configuration itself "
      "(hint: write { file = \"/etc/mailrota/secrets/NAME\" }, { credential = \"NAME\" } or { env = \"NAME\" "
      "})",
      "m.toml:6: error: provider.rs.webhook.url: is of no use: only Mandrill signs the URL",
      "m.toml:7: error: provider.rs.webhook.topics: is of no use: only SES has topics",
      "m.toml:8: error: provider.rs.webhook: unknown key \"user\" (hint: did you mean \"users\"?)",
      "m.toml:9: warning: provider.aws: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"aws\" }])",
      "m.toml:9: warning: provider.aws: the Message-ID may change: ses does not promise to keep it over HTTP "
      "(hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:14: error: provider.aws.webhook.secret: is of no use: SNS signs with a certificate of its own "
      "(hint: write topics)",
      "m.toml:14: error: provider.aws.webhook.topics: \"mails\" is no ARN of an SNS topic (hint: write as in "
      "\"arn:aws:sns:eu-west-1:123456789012:mail\")",
      "m.toml:14: error: provider.aws.webhook.topics: \"arn:aws:sns:eu-west-1:123456789012:*\" is no ARN of "
      "an SNS topic (hint: write as in \"arn:aws:sns:eu-west-1:123456789012:mail\")",
      "m.toml:15: warning: provider.sp: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"sp\" }])",
      "m.toml:18: error: provider.sp.webhook.users.password: is missing (hint: write password = { file = "
      "\"/etc/mailrota/secrets/NAME\" })",
      "m.toml:18: error: provider.sp.webhook.allow: \"192.0.2.1/24\" has bits set after its prefix (hint: "
      "write a network as in \"192.0.2.0/24\")",
      "m.toml:18: error: provider.sp.webhook.secret: is of no use: sparkpost signs nothing (hint: write "
      "users)",
      "m.toml:19: warning: provider.md: is never used: it is a member of no rota (hint: write "
      "[rota.outbound] with members = [{ provider = \"md\" }])",
      "m.toml:19: warning: provider.md: the Message-ID may change: mandrill does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:22: error: provider.md.webhook.url: is no URL: it does not begin with https://"}},
    {"relay and events",
     R"([relay]
failures = 0
open = "2h"
longest_open = "1h"
suppress = ["bounce", "opened"]
notify = "no"
opened = 1
[events]
command = ""
secret = { file = "/a" }
expire = "1s"
max_body = 0
)",
     {"m.toml:2: error: relay.failures: 0 is out of range: from 1 to 1000",
      "m.toml:4: error: relay.longest_open: is shorter than \"open\"",
      "m.toml:5: error: relay.suppress: \"bounce\" is none of \"bounced\", \"complained\", \"unsubscribed\" "
      "or \"rejected\" (hint: did you mean \"bounced\"?)",
      "m.toml:5: error: relay.suppress: \"opened\" is none of \"bounced\", \"complained\", \"unsubscribed\" "
      "or \"rejected\"",
      "m.toml:6: error: relay.notify: takes true or false, not a string",
      "m.toml:7: error: relay: unknown key \"opened\" (hint: did you mean \"open\"?)",
      "m.toml:9: error: events.command: is empty (hint: leave it out if no command is run)",
      "m.toml:10: error: events.secret: is of no use without a url",
      "m.toml:11: error: events.expire: \"1s\" is out of range: from 1m to 365d",
      "m.toml:12: error: events.max_body: 0 is out of range: from 1 to 1099511627776"}},
    {"events to a server",
     R"([events]
url = "http://app.example.com/events"
)",
     {"m.toml:1: error: events.secret: is missing: whoever gets the events could not tell them from forged "
      "ones (hint: write secret = { file = \"/etc/mailrota/secrets/events\" })",
      "m.toml:2: error: events.url: is http://: keys and mails would cross the network readable (hint: write "
      "https://; only 127.0.0.1, [::1] and localhost may go without)"}},
    {"no webhook at all",
     R"([listener.relay]
protocol = "lmtp"
[[rule]]
then = [{ relay = "outbound" }]
when.listener = "relay"
[rota.outbound]
members = [{ provider = "mg" }, { provider = "sg" }]
[provider.mg]
kind = "mailgun"
domain = "mg.example.com"
api_key = { file = "/a" }
[provider.sg]
kind = "sendgrid"
api_key = { file = "/a" }
[events]
command = "true"
)",
     {"m.toml:8: warning: provider: the envelope sender does not stay with mail that goes by \"mg\", \"sg\": "
      "bounces go to the provider and come back as events only (hint: where others must see the sender's "
      "address, use a provider of kind smtp)",
      "m.toml:8: warning: events: there are none: no provider has a webhook (hint: write "
      "[provider.NAME.webhook])",
      "m.toml:8: warning: relay.notify: no provider has a webhook: senders are not told of bounces that come "
      "after a provider took the mail (hint: write [provider.NAME.webhook], or [relay] with notify = false)",
      "m.toml:12: warning: provider.sg: the Message-ID may change: sendgrid does not promise to keep it over "
      "HTTP (hint: replies may name another one; mailrota knows its mails by an id of its own)"}},
    {"what nobody honours",
     R"([listener.relay]
protocol = "lmtp"
[[rule]]
then = [{ relay = "outbound" }]
when.listener = "relay"
[rota.outbound]
members = [{ provider = "aws" }, { provider = "own" }]
[provider.aws]
kind = "ses"
transport = "smtp"
region = "eu-west-1"
user = "AKIAEXAMPLE"
password = { file = "/a" }
tracking = true
webhook = { topics = "arn:aws:sns:eu-west-1:123456789012:mails" }
[provider.own]
kind = "smtp"
host = "mail.example.com:465"
user = "me"
password = { file = "/a" }
tracking = true
)",
     {"m.toml:8: warning: provider.aws.tracking: has no effect: ses has no switch for single mails (hint: "
      "what is set in the account there holds for every mail)",
      "m.toml:8: warning: provider.aws: the Message-ID may change: ses does not promise to keep it over SMTP "
      "(hint: replies may name another one; mailrota knows its mails by an id of its own)",
      "m.toml:8: warning: provider: the envelope sender does not stay with mail that goes by \"aws\": "
      "bounces go to the provider and come back as events only (hint: where others must see the sender's "
      "address, use a provider of kind smtp)",
      "m.toml:16: warning: provider.own.tracking: has no effect: smtp has no switch for single mails (hint: "
      "what is set in the account there holds for every mail)"}},
};

class ProviderMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(ProviderMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, ProviderMessages, testing::ValuesIn(cases), case_name);

TEST(ProviderSecrets, AreNeverTold) {
    int told = 0;
    for (const MessageCase& one : cases) {
        for (const std::string& message : messages(one.toml)) {
            EXPECT_THAT(message, testing::Not(testing::HasSubstr("hunter")));
            ++told;
        }
    }
    EXPECT_GT(told, 0);
}

}  // namespace
}  // namespace mailrota::config
