#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

// Where providers are: each text with everything that is told of it, word for word.
const MessageCase cases[] = {
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
};

class ProviderAddressMessages : public testing::TestWithParam<MessageCase> {};

TEST_P(ProviderAddressMessages, AreTold) {
    EXPECT_THAT(messages(GetParam().toml), testing::ElementsAreArray(GetParam().messages));
}

INSTANTIATE_TEST_SUITE_P(Config, ProviderAddressMessages, testing::ValuesIn(cases), case_name);

TEST(ProviderAddressSecrets, AreNeverTold) { expect_untold("hunter", cases); }

}  // namespace
}  // namespace mailrota::config
