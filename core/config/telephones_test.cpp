#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;

Config config_of(std::string_view toml) {
    const Loaded loaded = load_text(
        std::string(toml) + "[rota.a]\naddresses = \"a@example.com\"\nmembers = [\"b@example.com\"]\n");
    for (const Diagnostic& diagnostic : loaded.diagnostics) ADD_FAILURE() << diagnostic.to_string();
    return loaded.config.value_or(Config{});
}

constexpr std::string_view least = R"(
[telephone.main]
account = "AC0123456789abcdef0123456789abcdef"
secret = { file = "/etc/mailrota/secrets/twilio" }
from = "+15550100"
)";

TEST(Telephones, LittleIsEnough) {
    const Config config = config_of(least);
    ASSERT_EQ(config.telephones.size(), 1U);
    const TelephoneSettings& telephone = config.telephones[0];
    EXPECT_EQ(telephone.name, "main");
    EXPECT_EQ(telephone.base_url, "https://api.twilio.com");
    EXPECT_EQ(telephone.from, "+15550100");
    EXPECT_EQ(telephone.timeout, 15s);
    EXPECT_EQ(telephone.pace, 1s);
    EXPECT_EQ(telephone.in_flight, 2U);
    EXPECT_FALSE(telephone.detect_machines);
    EXPECT_EQ(config.telephone("main"), &config.telephones[0]);
    EXPECT_EQ(config.telephone("other"), nullptr);
}

TEST(Telephones, WithoutAKeyTheAccountsTokenSignsEverything) {
    const TelephoneSettings telephone = config_of(least).telephones.at(0);
    EXPECT_EQ(telephone.user, telephone.account);
    EXPECT_EQ(telephone.secret.name, "/etc/mailrota/secrets/twilio");
    EXPECT_THAT(telephone.auth_tokens, ElementsAre(telephone.secret));
}

TEST(Telephones, EveryKeyIsRead) {
    const TelephoneSettings telephone = config_of(R"(
[telephone.main]
kind = "twilio"
account = "AC0123456789abcdef0123456789abcdef"
user = "SK0123456789ABCDEF0123456789ABCDEF"
secret = { credential = "key" }
auth_token = [{ credential = "new" }, { credential = "old" }]
from = "+15550100"
messaging_service = "MG0123456789abcdef0123456789abcdef"
region = "ie1"
edge = "dublin"
ca_file = "/etc/ca.pem"
proxy = "http://127.0.0.1:3128"
timeout = "20s"
pace = "200ms"
in_flight = 10
detect_machines = true
)")
                                            .telephones.at(0);
    EXPECT_EQ(telephone.user, "SK0123456789ABCDEF0123456789ABCDEF");
    EXPECT_EQ(telephone.secret.kind, SecretSource::Kind::credential);
    ASSERT_EQ(telephone.auth_tokens.size(), 2U);
    EXPECT_EQ(telephone.auth_tokens[1].name, "old");
    EXPECT_EQ(telephone.messaging_service, "MG0123456789abcdef0123456789abcdef");
    EXPECT_EQ(telephone.base_url, "https://api.dublin.ie1.twilio.com");
    EXPECT_EQ(telephone.ca_file, "/etc/ca.pem");
    EXPECT_EQ(telephone.proxy, "http://127.0.0.1:3128");
    EXPECT_EQ(telephone.timeout, 20s);
    EXPECT_EQ(telephone.pace, 200ms);
    EXPECT_EQ(telephone.in_flight, 10U);
    EXPECT_TRUE(telephone.detect_machines);
}

TEST(Telephones, CallsHaveDefaults) {
    const Config config = config_of(least);
    EXPECT_THAT(config.calls.accounts, ElementsAre("main"));
    EXPECT_TRUE(config.calls.outbound_only());
    EXPECT_EQ(config.calls.language, "en-US");
    EXPECT_EQ(config.calls.ring, 30s);
    EXPECT_EQ(config.calls.poll, 10s);
    EXPECT_EQ(config.calls.limit.mails, 30);
    EXPECT_EQ(config.calls.limit.within, 1h);
    EXPECT_EQ(config.calls.expire, 24h);
}

TEST(Telephones, EveryKeyOfCallsIsRead) {
    const Config config = config_of(std::string(least) + R"(
[telephone.other]
account = "3f9c-7b"
base_url = "https://space.example.com/api/laml"
secret = { env = "OTHER" }
from = "+15550100"
[calls]
accounts = ["other", "main"]
public_url = "https://mail.example.com/call"
language = "de"
voice = "Polly.Vicki"
ring = "20s"
poll = "1m"
limit = { calls = 5, within = "10m" }
expire = "2h"
)");
    EXPECT_THAT(config.calls.accounts, ElementsAre("other", "main"));
    EXPECT_EQ(config.calls.public_url, "https://mail.example.com/call");
    EXPECT_FALSE(config.calls.outbound_only());
    EXPECT_EQ(config.calls.language, "de");
    EXPECT_EQ(config.calls.voice, "Polly.Vicki");
    EXPECT_EQ(config.calls.ring, 20s);
    EXPECT_EQ(config.calls.poll, 1min);
    EXPECT_EQ(config.calls.limit.mails, 5);
    EXPECT_EQ(config.calls.limit.within, 10min);
    EXPECT_EQ(config.calls.expire, 2h);
    EXPECT_EQ(config.telephone("other")->base_url, "https://space.example.com/api/laml");
}

}  // namespace
}  // namespace mailrota::config
