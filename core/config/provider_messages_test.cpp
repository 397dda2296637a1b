#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Providers: each text with everything that is told of it, word for word.
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

}  // namespace
}  // namespace mailrota::config
