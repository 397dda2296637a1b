#include "core/runtime/carriers.h"

#include <algorithm>
#include <utility>

#include "core/runtime/secrets.h"

namespace mailrota::runtime {
namespace {

using config::ProviderSettings;

// The smaller of two limits, of which 0 is none.
template <class Number>
Number narrower(Number one, Number other) {
    if (one == 0 || other == 0) return std::max(one, other);
    return std::min(one, other);
}

Result<std::string> read(const std::optional<config::SecretSource>& source, const ProviderSettings& settings,
                         std::string_view key) {
    if (!source) return std::string();
    auto secret = read_secret(*source);
    if (secret) return secret;
    return tl::unexpected(Error{secret.error().kind, "[provider." + settings.name + "] " + std::string(key) +
                                                         ": " + secret.error().text});
}

Result<providers::Keys> read_keys(const ProviderSettings& settings) {
    providers::Keys keys;
    const std::pair<std::string*, const std::optional<config::SecretSource>*> wanted[] = {
        {&keys.api_key, &settings.api_key},
        {&keys.access_key, &settings.access_key},
        {&keys.secret_key, &settings.secret_key}};
    constexpr std::string_view names[] = {"api_key", "access_key", "secret_key"};
    for (std::size_t i = 0; i < std::size(wanted); ++i) {
        auto secret = read(*wanted[i].second, settings, names[i]);
        if (!secret) return tl::unexpected(secret.error());
        *wanted[i].first = *std::move(secret);
    }
    return keys;
}

}  // namespace

providers::Traits Carrier::traits() const {
    providers::Traits traits = dialect ? dialect->traits() : providers::smtp_traits(settings.kind);
    traits.max_recipients = narrower<std::size_t>(traits.max_recipients, settings.max_recipients);
    traits.max_size = narrower(traits.max_size, settings.max_size);
    return traits;
}

void Carriers::add(const ProviderSettings& settings, providers::Keys keys) {
    Carrier carrier;
    carrier.settings = settings;
    carrier.keys = std::move(keys);
    carrier.slots = std::make_shared<Slots>(settings.in_flight);
    if (settings.transport == ProviderSettings::Transport::http)
        carrier.dialect = providers::make_dialect(settings, carrier.keys);
    carriers_.emplace(settings.name, std::move(carrier));
}

void Carriers::add_accounts() {
    auto accounts = std::make_shared<Accounts>();
    for (const auto& [name, carrier] : carriers_) {
        if (carrier.settings.transport != ProviderSettings::Transport::smtp) continue;
        const std::string& key = carrier.keys.api_key;
        const std::string& user = carrier.settings.user.empty() ? key : carrier.settings.user;
        accounts->emplace(name, Account{user, key, carrier.settings.ca_file});
    }
    accounts_ = std::move(accounts);
}

void Carriers::add_rotas(const config::Config& config) {
    settings_ = config.relay;
    for (const config::RelayRota& rota : config.relay_rotas) rotas_.emplace(rota.name, rota);
}

Result<std::shared_ptr<const Carriers>> Carriers::open(const config::Config& config) {
    auto carriers = std::make_shared<Carriers>();
    carriers->add_rotas(config);
    for (const ProviderSettings& settings : config.providers) {
        auto keys = read_keys(settings);
        if (!keys) return tl::unexpected(keys.error());
        carriers->add(settings, *std::move(keys));
    }
    carriers->add_accounts();
    return carriers;
}

std::shared_ptr<const Carriers> Carriers::without_secrets(const config::Config& config) {
    auto carriers = std::make_shared<Carriers>();
    carriers->add_rotas(config);
    for (const ProviderSettings& settings : config.providers) carriers->add(settings, {});
    carriers->add_accounts();
    return carriers;
}

const Carrier* Carriers::carrier(std::string_view provider) const {
    const auto found = carriers_.find(provider);
    return found == carriers_.end() ? nullptr : &found->second;
}

const config::RelayRota* Carriers::rota(std::string_view name) const {
    const auto found = rotas_.find(name);
    return found == rotas_.end() ? nullptr : &found->second;
}

}  // namespace mailrota::runtime
