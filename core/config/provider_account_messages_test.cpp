#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// What an account at a provider has and has not: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
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
};

class ProviderAccountMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(ProviderAccountMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, ProviderAccountMessages, testing::ValuesIn(cases), case_name);

TEST(ProviderAccountSecrets, AreNeverTold) { expect_untold("hunter", cases); }

}  // namespace
}  // namespace mailrota::config
