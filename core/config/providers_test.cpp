#include <gmock/gmock.h>

#include "core/config/load_for_test.h"
#include "core/config/provider_kinds.h"

namespace mailrota::config {
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;
using Kind = ProviderSettings::Kind;
using Transport = ProviderSettings::Transport;
using Security = Endpoint::Security;

Config config_of(std::string_view toml) {
    const Loaded loaded = load_text(toml);
    for (const Diagnostic& diagnostic : loaded.diagnostics) {
        if (diagnostic.severity == Diagnostic::Severity::error) ADD_FAILURE() << diagnostic.to_string();
    }
    return loaded.config.value_or(Config());
}

ProviderSettings provider_of(std::string_view toml) {
    const Config config = config_of(toml);
    return config.providers.empty() ? ProviderSettings() : config.providers.front();
}

TEST(Providers, EveryKeyIsRead) {
    const Config config = config_of(R"(
[provider.mg]
kind = "mailgun"
region = "eu"
domain = "mg.example.com"
api_key = { file = "/etc/mailrota/secrets/mg" }
proxy = "http://proxy.example.com:3128"
ca_file = "/etc/ssl/ca.pem"
tracking = true
lossy = "send"
max_recipients = 100
max_size = "10MB"
timeout = "20s"
in_flight = 50
status_url = "https://status.example.com/summary.json"
[provider.mg.webhook]
secret = { file = "/b" }
secrets = [{ env = "OLD" }]
users = [{ name = "events", password = { credential = "hook" } }]
allow = ["192.0.2.0/24", "2001:db8::/32"]
)");
    ASSERT_NE(config.provider("mg"), nullptr);
    ProviderSettings expected;
    expected.name = "mg";
    expected.kind = Kind::mailgun;
    expected.base_url = "https://api.eu.mailgun.net";
    expected.api_key = SecretSource{SecretSource::Kind::file, "/etc/mailrota/secrets/mg", "m.toml:6"};
    expected.region = "eu";
    expected.domain = "mg.example.com";
    expected.ca_file = "/etc/ssl/ca.pem";
    expected.proxy = "http://proxy.example.com:3128";
    expected.tracking = true;
    expected.lossy = ProviderSettings::Lossy::send;
    expected.max_recipients = 100;
    expected.max_size = 10 << 20;
    expected.timeout = 20s;
    expected.in_flight = 50;
    expected.status_url = "https://status.example.com/summary.json";
    expected.webhook.secrets = {{SecretSource::Kind::file, "/b", "m.toml:17"},
                                {SecretSource::Kind::env, "OLD", "m.toml:18"}};
    expected.webhook.users = {{"events", {SecretSource::Kind::credential, "hook", "m.toml:19"}}};
    expected.webhook.allow = {policy::Network::parse("192.0.2.0/24").value(),
                              policy::Network::parse("2001:db8::/32").value()};
    EXPECT_EQ(*config.provider("mg"), expected);
}

TEST(Providers, ThoseOfAmazonAndMandrillHaveKeysOfTheirOwn) {
    const ProviderSettings ses = provider_of(R"(
[provider.aws]
kind = "ses"
region = "eu-west-1"
access_key = { file = "/a" }
secret_key = { file = "/s" }
configuration_set = "mails"
webhook = { topics = ["arn:aws:sns:eu-west-1:123456789012:mails"] }
)");
    EXPECT_EQ(ses.base_url, "https://email.eu-west-1.amazonaws.com");
    ASSERT_TRUE(ses.access_key && ses.secret_key);
    EXPECT_EQ(ses.access_key->name, "/a");
    EXPECT_EQ(ses.secret_key->name, "/s");
    EXPECT_EQ(ses.configuration_set, "mails");
    EXPECT_THAT(ses.webhook.topics, ElementsAre("arn:aws:sns:eu-west-1:123456789012:mails"));
    const ProviderSettings mandrill = provider_of(R"(
[provider.md]
kind = "mandrill"
api_key = { file = "/a" }
base_url = "http://localhost:8025/md"
webhook = { secret = { file = "/b" }, url = "https://u:p@hook.example.com/hook/md?n=1" }
)");
    EXPECT_EQ(mandrill.base_url, "http://localhost:8025/md");
    EXPECT_EQ(mandrill.webhook.url, "https://u:p@hook.example.com/hook/md?n=1");
}

TEST(Providers, OverSmtpHostAndLoginAreFilledIn) {
    const ProviderSettings sendgrid = provider_of(R"(
[provider.sg]
kind = "sendgrid"
transport = "smtp"
api_key = { file = "/a" }
)");
    EXPECT_EQ(sendgrid.transport, Transport::smtp);
    EXPECT_EQ(sendgrid.host.to_string(), "smtp:smtp.sendgrid.net:587");
    EXPECT_EQ(sendgrid.host.security, Security::starttls);
    EXPECT_EQ(sendgrid.host.account, "sg");
    EXPECT_EQ(sendgrid.user, "apikey");
    const ProviderSettings own = provider_of(R"(
[provider.own]
kind = "smtp"
host = "mail.example.com:465"
user = "me"
password = { file = "/a" }
)");
    EXPECT_EQ(own.transport, Transport::smtp);
    EXPECT_EQ(own.host.security, Security::tls);
    EXPECT_EQ(own.host.account, "own");
    ASSERT_TRUE(own.api_key);
    const ProviderSettings open = provider_of(R"(
[provider.own]
kind = "smtp"
host = "127.0.0.1:2525"
security = "none"
)");
    EXPECT_EQ(open.host.security, Security::none);
    EXPECT_EQ(open.host.account, "");
}

TEST(Providers, EachKindHasItsHosts) {
    const auto smtp = [](Kind kind, const char* region) { return default_smtp_host(kind, region).host; };
    EXPECT_EQ(default_base_url(Kind::sendgrid, ""), "https://api.sendgrid.com");
    EXPECT_EQ(default_base_url(Kind::sendgrid, "eu"), "https://api.eu.sendgrid.com");
    EXPECT_EQ(default_base_url(Kind::sparkpost, "eu"), "https://api.eu.sparkpost.com");
    EXPECT_EQ(smtp(Kind::mailgun, ""), "smtp.mailgun.org");
    EXPECT_EQ(smtp(Kind::mailgun, "eu"), "smtp.eu.mailgun.org");
    EXPECT_EQ(smtp(Kind::ses, "us-east-1"), "email-smtp.us-east-1.amazonaws.com");
    EXPECT_EQ(default_smtp_user(Kind::mailgun, "mg.example.com"), "postmaster@mg.example.com");
    EXPECT_EQ(default_smtp_user(Kind::postmark, ""), "");
    for (const std::string& name : provider_kind_names()) {
        const auto kind = find_provider_kind(name);
        ASSERT_TRUE(kind) << name;
        EXPECT_EQ(to_string(*kind), name);
        EXPECT_EQ(smtp(*kind, "eu").empty(), *kind == Kind::smtp) << name;
        EXPECT_EQ(default_base_url(*kind, "eu").starts_with("https://"), *kind != Kind::smtp) << name;
    }
    EXPECT_FALSE(find_provider_kind("sendgird"));
}

TEST(Providers, RotasOfThemAreNoneOfThePolicy) {
    constexpr std::string_view text = R"(
[listener.relay]
protocol = "lmtp"
[provider.own]
kind = "smtp"
host = "mail.example.com:587"
[provider.other]
kind = "smtp"
host = "other.example.com:587"
[rota.outbound]
members = [{ provider = "own" }, { provider = "other" }]
[rota.bulk]
strategy = "round-robin"
uncertain = "next"
[[rota.bulk.member]]
provider = "other"
weight = 3
[[rota.bulk.member]]
provider = "own"
[rota.slow]
hold = "10m"
uncertain_hold = "2h"
members = [{ provider = "own" }]
[[rule]]
when.listener = "relay"
then = [{ relay = "outbound" }]
)";
    const Loaded loaded = load_text(text);
    ASSERT_TRUE(loaded.ok());
    EXPECT_TRUE(loaded.policy->rotas().empty());
    const auto* relay = std::get_if<policy::ToRelay>(&loaded.policy->rules().at(0).then.at(0));
    ASSERT_NE(relay, nullptr);
    EXPECT_EQ(relay->rota, "outbound");
    using Strategy = RelayRota::Strategy;
    using Uncertain = RelayRota::Uncertain;
    EXPECT_THAT(
        loaded.config->relay_rotas,
        ElementsAre(
            RelayRota{"outbound", Strategy::failover, {{"own", 1}, {"other", 1}}, 1h, Uncertain::hold, 1h},
            RelayRota{"bulk", Strategy::round_robin, {{"other", 3}, {"own", 1}}, 1h, Uncertain::next, 1h},
            RelayRota{"slow", Strategy::failover, {{"own", 1}}, 10min, Uncertain::hold, 2h}));
    EXPECT_EQ(loaded.config->relay_rota("bulk"), &loaded.config->relay_rotas[1]);
    EXPECT_EQ(loaded.config->relay_rota("none"), nullptr);
}

TEST(Providers, RelayingAndEventsAreRead) {
    const Config config = config_of(R"(
[relay]
failures = 5
open = "2m"
longest_open = "2h"
suppress = []
notify = false
[events]
command = "/usr/local/bin/events"
url = "http://127.0.0.1:8080/events"
secret = { env = "EVENTS" }
ca_file = "/etc/ssl/app.pem"
expire = "1d"
max_body = "30MB"
)");
    EXPECT_EQ(config.relay, (RelaySettings{5, 2min, 2h, {}, false}));
    EXPECT_EQ(config.events, (EventSettings{"/usr/local/bin/events", "http://127.0.0.1:8080/events",
                                            SecretSource{SecretSource::Kind::env, "EVENTS", "m.toml:11"},
                                            "/etc/ssl/app.pem", 24h, 30 << 20}));
    const Config plain = config_of("");
    EXPECT_EQ(plain.relay, RelaySettings());
    EXPECT_EQ(plain.events, EventSettings());
    EXPECT_EQ(config_of("[relay]\nopen = \"2h\"\n").relay.longest_open, 2h);
}

}  // namespace
}  // namespace mailrota::config
