#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

// The values that listeners for mail, boxes and programs come out with.
namespace mailrota::config {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Not;
using namespace std::chrono_literals;

Config config_of(const std::string& toml) {
    Loaded loaded = load_text(toml);
    std::string told;
    for (const Diagnostic& diagnostic : loaded.diagnostics) told += diagnostic.to_string() + "\n";
    EXPECT_TRUE(loaded.config) << told;
    return loaded.config ? *std::move(loaded.config) : Config();
}

TEST(MailListener, HasADefaultSocketBesideTheMilters) {
    const Config config =
        config_of("[listener.mailbox]\nprotocol = \"lmtp\"\nnext_hop = \"lmtp:unix:/run/dovecot/lmtp\"\n");
    ASSERT_EQ(config.listeners.size(), 1U);
    EXPECT_EQ(config.listeners[0].socket, "unix:/var/spool/postfix/mailrota/lmtp.sock");
    EXPECT_EQ(config.listeners[0].protocol, ListenerSettings::Protocol::lmtp);
    EXPECT_EQ(config.listeners[0].next_hop->to_string(), "lmtp:unix:/run/dovecot/lmtp");
    EXPECT_FALSE(config.listeners[0].reinject);
    EXPECT_TRUE(config.listeners[0].dsn);
}

TEST(MailListener, IsForThisMachineUnlessItSaysOtherwise) {
    const auto networks = [](const Config& config) {
        std::vector<std::string> out;
        for (const policy::Network& network : config.listeners.at(0).clients) out.push_back(network.text);
        return out;
    };
    for (const std::string protocol : {"lmtp", "smtp"}) {
        const std::string text =
            "[listener.a]\nprotocol = \"" + protocol + "\"\nsocket = \"inet:127.0.0.1:10025\"\n";
        EXPECT_THAT(networks(config_of(text)), ElementsAre("127.0.0.0/8", "::1"));
        EXPECT_THAT(networks(config_of(text + "clients = \"192.0.2.0/24\"\n")), ElementsAre("192.0.2.0/24"));
    }
}

TEST(MailListener, IsFoundByItsName) {
    const Config config = config_of("[listener.a]\n[listener.b]\nprotocol = \"lmtp\"\n");
    ASSERT_NE(config.listener("b"), nullptr);
    EXPECT_EQ(config.listener("b")->name, "b");
    EXPECT_EQ(config.listener("c"), nullptr);
    EXPECT_EQ(config.box("b"), nullptr);
}

TEST(Box, KnowsWhereItsSecretsAre) {
    const Config config = config_of(R"([box.web]
tokens = [{ file = "/etc/mailrota/secrets/web" },
          { credential = "web" }]
users = [{ name = "ann", password = { env = "PASSWORD" } }]
allow = "192.0.2.0/24"
)");
    const BoxSettings* box = config.box("web");
    ASSERT_NE(box, nullptr);
    using Kind = SecretSource::Kind;
    EXPECT_THAT(box->tokens, ElementsAre(SecretSource{Kind::file, "/etc/mailrota/secrets/web", "m.toml:2"},
                                         SecretSource{Kind::credential, "web", "m.toml:3"}));
    EXPECT_THAT(box->users, ElementsAre(BoxSettings::User{"ann", {Kind::env, "PASSWORD", "m.toml:4"}}));
    EXPECT_EQ(box->allow.size(), 1U);
    EXPECT_EQ(box->lease_count, 50U);
}

TEST(Box, HidesWhereMailComesFrom) {
    const auto hidden = [](const std::string& line) {
        return config_of("[box.web]\ntoken = { env = \"A\" }\n" + line).boxes.at(0).hide;
    };
    EXPECT_EQ(hidden(""), origin_headers());
    for (const char* name : {"Received", "X-Originating-*", "Bcc", "Resent-Bcc", "X-Mailrota-Trace"})
        EXPECT_THAT(origin_headers(), Contains(name));
    for (const char* name : {"From", "Message-ID", "DKIM-Signature", "X-Mailer", "List-*"})
        EXPECT_THAT(origin_headers(), Not(Contains(name)));
}

TEST(Box, NeverTellsBcc) {
    const auto hidden = [](const std::string& line) {
        return config_of("[box.web]\ntoken = { env = \"A\" }\n" + line).boxes.at(0).hide;
    };
    EXPECT_THAT(hidden("hide = []"), ElementsAre("Bcc", "Resent-Bcc"));
    EXPECT_THAT(hidden("hide = [\"X-A\", \"bcc\"]"), ElementsAre("X-A", "bcc", "Resent-Bcc"));
}

TEST(Programs, HaveTheirSettings) {
    const Config config = config_of(R"(hostname = "mail.example.com"
[lmtp]
threads = 3
[web]
sockets = ["unix:/run/web", "inet:127.0.0.1:8025"]
trusted_proxies = "192.0.2.1"
max_body = "2KB"
[worker]
submit = "smtp:unix:/run/mta"
first_retry = "1m"
)");
    EXPECT_EQ(config.hostname, "mail.example.com");
    EXPECT_EQ(config.lmtp.threads, 3U);
    EXPECT_THAT(config.web.sockets, ElementsAre("unix:/run/web", "inet:8025@127.0.0.1"));
    EXPECT_THAT(config.web.trusted_proxies, ElementsAre(Field(&policy::Network::text, "192.0.2.1")));
    EXPECT_EQ(config.web.metrics_allow.size(), 2U);
    EXPECT_EQ(config.web.max_body, 2048U);
    EXPECT_EQ(config.worker.submit.to_string(), "smtp:unix:/run/mta");
    EXPECT_EQ(config.worker.first_retry, 1min);
}

TEST(Programs, NoSocketOfTheWebMeansThoseOfSystemdOnly) {
    EXPECT_THAT(config_of("[web]\nsockets = []\n").web.sockets, IsEmpty());
}

TEST(Programs, ControlSocketsAreSideBySide) {
    ControlSettings control;
    EXPECT_EQ(control.socket_of("milter"), "/run/mailrota/milter.ctl");
    EXPECT_EQ(control.socket_of("lmtp"), "/run/mailrota/lmtp.ctl");
    control.socket = "/run/a/second.ctl";
    EXPECT_EQ(control.socket_of("worker"), "/run/a/worker.ctl");
    control.socket = "";
    EXPECT_EQ(control.socket_of("web"), "");
}

}  // namespace
}  // namespace mailrota::config
