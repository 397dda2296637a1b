#include "web/hook_doors.h"

#include <utility>

#include "core/runtime/secrets.h"

namespace mailrota::web {

namespace {

Result<std::string> read(const config::ProviderSettings& provider, const config::SecretSource& source) {
    auto secret = runtime::read_secret(source);
    if (!secret)
        return tl::unexpected(
            Error{secret.error().kind, "provider." + provider.name + ".webhook: " + secret.error().text});
    return secret;
}

Result<providers::HookKeys> read_keys(const config::ProviderSettings& provider) {
    providers::HookKeys keys;
    for (const auto& source : provider.webhook.secrets) {
        auto secret = read(provider, source);
        if (!secret) return tl::unexpected(secret.error());
        keys.secrets.push_back(*std::move(secret));
    }
    for (const auto& user : provider.webhook.users) {
        auto password = read(provider, user.password);
        if (!password) return tl::unexpected(password.error());
        keys.users.emplace_back(user.name, *std::move(password));
    }
    keys.url = provider.webhook.url;
    keys.topics = provider.webhook.topics;
    return keys;
}

}  // namespace

Result<std::shared_ptr<const HookDoors>> HookDoors::open(
    const std::vector<config::ProviderSettings>& providers) {
    auto doors = std::make_shared<HookDoors>();
    for (const auto& provider : providers) {
        std::shared_ptr<const providers::Webhook> hook = providers::make_webhook(provider.kind);
        if (!hook) continue;
        auto keys = read_keys(provider);
        if (!keys) return tl::unexpected(keys.error());
        auto door = std::make_shared<const HookDoor>(HookDoor{provider, std::move(hook), *std::move(keys)});
        doors->doors_.emplace(provider.name, std::move(door));
    }
    return doors;
}

std::shared_ptr<const HookDoor> HookDoors::find(std::string_view provider) const {
    const auto found = doors_.find(provider);
    return found == doors_.end() ? nullptr : found->second;
}

}  // namespace mailrota::web
