#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Webhooks of providers, and where their events go: each text with everything that is told of it, word for
// word.
const MessageCase cases[] = {
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
};

class WebhookMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(WebhookMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, WebhookMessages, testing::ValuesIn(cases), case_name);

TEST(WebhookSecrets, AreNeverTold) { expect_untold("hunter", cases); }

}  // namespace
}  // namespace mailrota::config
