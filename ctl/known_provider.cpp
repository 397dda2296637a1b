#include "ctl/known_provider.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/policy/safe_text.h"
#include "ctl/amount_text.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

using policy::Breaker;
using store::Time;

KnownProvider& named(std::vector<KnownProvider>& providers, const std::string& name) {
    const auto found = std::ranges::find(providers, name, &KnownProvider::name);
    if (found != providers.end()) return *found;
    KnownProvider added;
    added.name = name;
    return providers.emplace_back(std::move(added));
}

Result<void> add_rotas(store::Transaction& transaction, const config::Config& config,
                       std::vector<KnownProvider>& providers) {
    for (const config::RelayRota& rota : config.relay_rotas) {
        const auto hold = transaction.relay_hold(rota.name);
        if (!hold) return tl::unexpected(hold.error());
        for (const auto& member : rota.members) {
            const bool kept = *hold && (*hold)->provider == member.provider;
            named(providers, member.provider)
                .rotas.push_back({rota.name, kept ? *hold : std::optional<store::RelayHold>()});
        }
    }
    return {};
}

std::string dated(Time time, Time now) { return local_text(time) + " (" + from_now_text(time, now) + ")"; }

}  // namespace

Result<std::vector<KnownProvider>> known_providers(store::Transaction& transaction,
                                                   const config::Config& config) {
    std::vector<KnownProvider> providers;
    for (const config::ProviderSettings& settings : config.providers)
        named(providers, settings.name).settings = &settings;
    if (auto added = add_rotas(transaction, config, providers); !added) return tl::unexpected(added.error());
    const auto breakers = transaction.breakers({});
    if (!breakers) return tl::unexpected(breakers.error());
    for (const Breaker& breaker : *breakers) {
        const Scope scope = parse_scope(breaker.scope);
        KnownProvider& provider = named(providers, scope.provider);
        if (scope.domain.empty())
            provider.breaker = breaker;
        else
            provider.domains.push_back({scope.domain, breaker});
    }
    return providers;
}

Scope parse_scope(std::string_view scope) {
    const std::size_t slash = scope.find('/');  // is in no provider's name
    if (slash == std::string_view::npos) return {std::string(scope), {}};
    return {std::string(scope.substr(0, slash)), std::string(scope.substr(slash + 1))};
}

Cell standing_of(const Breaker& breaker, Time now) {
    switch (breaker.state) {
        case Breaker::State::closed:
            if (breaker.failures == 0) return {"works", Cell::Mood::good};
            return fmt::format("works; failures in a row: {}", breaker.failures);
        case Breaker::State::open:
            if (breaker.until <= now) return {"out of order; the next mail tries it", Cell::Mood::bad};
            return {"out of order until " + dated(breaker.until, now), Cell::Mood::bad};
        case Breaker::State::probing:
            return {"out of order; one mail tries it now", Cell::Mood::bad};
    }
    return {};
}

Cell standing_of(const KnownProvider& provider, Time now) {
    Cell cell = provider.breaker ? standing_of(*provider.breaker, now) : Cell("never asked");
    const auto refused = [](const auto& domain) { return domain.breaker.state != Breaker::State::closed; };
    const auto domains = std::ranges::count_if(provider.domains, refused);
    if (domains == 0) return cell;
    return {fmt::format("{}; not for {} domain{}", cell.text, domains, domains == 1 ? "" : "s"),
            Cell::Mood::bad};
}

std::string_view to_string(config::ProviderSettings::Transport transport) {
    return transport == config::ProviderSettings::Transport::http ? "http" : "smtp";
}

std::string no_such_provider(const std::string& name, const config::Config& config) {
    std::vector<std::string> names;
    for (const config::ProviderSettings& settings : config.providers) names.push_back(settings.name);
    return fmt::format("there is no provider {}; there are: {}", policy::quoted(name),
                       names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", ")));
}

}  // namespace mailrota::ctl
