#include "core/runtime/carriers.h"

#include <gmock/gmock.h>

#include <cstdlib>

namespace mailrota::runtime {
namespace {

using config::ProviderSettings;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

ProviderSettings provider(const std::string& name, ProviderSettings::Transport transport) {
    ProviderSettings settings;
    settings.name = name;
    settings.kind = ProviderSettings::Kind::postmark;
    settings.transport = transport;
    settings.base_url = "https://api.example.com";
    settings.user = "somebody";
    settings.api_key = config::SecretSource{config::SecretSource::Kind::env, "MAILROTA_TEST_SECRET", {}};
    return settings;
}

config::Config config_of(std::vector<ProviderSettings> providers) {
    setenv("MAILROTA_TEST_SECRET", "a secret", 1);
    config::Config config;
    config.providers = std::move(providers);
    config.relay_rotas.emplace_back().name = "bulk";
    return config;
}

TEST(Carriers, EachProviderHasItsSecretsAndItsLanguage) {
    const auto carriers = Carriers::open(config_of({provider("api", ProviderSettings::Transport::http),
                                                    provider("host", ProviderSettings::Transport::smtp)}))
                              .value();
    ASSERT_NE(carriers->carrier("api"), nullptr);
    EXPECT_NE(carriers->carrier("api")->dialect, nullptr);
    EXPECT_EQ(carriers->carrier("api")->keys.api_key, "a secret");
    EXPECT_EQ(carriers->carrier("host")->dialect, nullptr);
    EXPECT_EQ(carriers->accounts()->at("host").password, "a secret");
    EXPECT_FALSE(carriers->accounts()->contains("api"));
    EXPECT_EQ(carriers->carrier("other"), nullptr);
    EXPECT_NE(carriers->rota("bulk"), nullptr);
    EXPECT_EQ(carriers->rota("other"), nullptr);
}

TEST(Carriers, ASecretThatCannotBeReadIsNamedWithItsProvider) {
    const auto config = config_of({provider("api", ProviderSettings::Transport::http)});
    unsetenv("MAILROTA_TEST_SECRET");
    const auto opened = Carriers::open(config);
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().text,
                AllOf(HasSubstr("[provider.api] api_key: "), Not(HasSubstr("a secret"))));
}

TEST(Carriers, TheSettingsNarrowWhatAProviderTakes) {
    auto narrow = provider("api", ProviderSettings::Transport::http);
    narrow.max_recipients = 7;
    auto wide = provider("wide", ProviderSettings::Transport::http);
    wide.max_recipients = 1'000'000;
    const auto carriers = Carriers::open(config_of({narrow, wide})).value();
    EXPECT_EQ(carriers->carrier("api")->traits().max_recipients, 7U);
    const auto& carrier = *carriers->carrier("wide");
    EXPECT_EQ(carrier.traits().max_recipients, carrier.dialect->traits().max_recipients);
}

}  // namespace
}  // namespace mailrota::runtime
