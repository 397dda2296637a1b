#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/config/config.h"
#include "core/mail/result.h"
#include "core/providers/dialect.h"
#include "core/runtime/connections.h"
#include "core/runtime/slots.h"

namespace mailrota::runtime {

// One provider with its secrets read: what is needed to call it.
struct Carrier {
    config::ProviderSettings settings;
    providers::Keys keys;
    std::unique_ptr<providers::Dialect> dialect;  // null for Transport::smtp
    std::shared_ptr<Slots> slots;                 // of calls under way, for all threads

    providers::Traits traits() const;  // within what the settings say
};

// All providers and rotas of one configuration. Immutable: a reload makes new ones; mail under way keeps its
// own.
class Carriers {
  public:
    // Reads the secrets; the error says which one of which provider cannot be read.
    static Result<std::shared_ptr<const Carriers>> open(const config::Config& config);
    // For explaining only: no secret is read, so that nothing can be sent.
    static std::shared_ptr<const Carriers> without_secrets(const config::Config& config);

    const Carrier* carrier(std::string_view provider) const;  // null: there is none
    const std::map<std::string, Carrier, std::less<>>& carriers() const { return carriers_; }  // by name
    const config::RelayRota* rota(std::string_view name) const;  // null: there is none
    const config::RelaySettings& settings() const { return settings_; }
    // Who we are at the providers' SMTP hosts, by provider.
    std::shared_ptr<const Accounts> accounts() const { return accounts_; }

  private:
    void add(const config::ProviderSettings& settings, providers::Keys keys);
    void add_accounts();
    void add_rotas(const config::Config& config);

    std::map<std::string, Carrier, std::less<>> carriers_;
    std::map<std::string, config::RelayRota, std::less<>> rotas_;
    config::RelaySettings settings_;
    std::shared_ptr<const Accounts> accounts_;
};

}  // namespace mailrota::runtime
