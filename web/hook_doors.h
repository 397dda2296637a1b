#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/provider_settings.h"
#include "core/mail/result.h"
#include "core/providers/webhook.h"

namespace mailrota::web {

// Where one provider's webhooks come in, with the secrets read.
struct HookDoor {
    config::ProviderSettings settings;
    std::shared_ptr<const providers::Webhook> hook;
    providers::HookKeys keys;
};

// The doors of all providers that send webhooks. Immutable: a reload makes new ones.
class HookDoors {
  public:
    // Reads the secrets; the error says which one of which provider cannot be read.
    static Result<std::shared_ptr<const HookDoors>> open(
        const std::vector<config::ProviderSettings>& providers);

    std::shared_ptr<const HookDoor> find(std::string_view provider) const;  // null: there is none

  private:
    std::map<std::string, std::shared_ptr<const HookDoor>, std::less<>> doors_;
};

}  // namespace mailrota::web
