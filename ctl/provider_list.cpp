#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>
#include <ostream>

#include "core/policy/safe_text.h"
#include "ctl/known_provider.h"
#include "ctl/relay_commands.h"
#include "ctl/state.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using store::Time;

// Whether its events are taken.
bool has_events(const config::ProviderSettings& settings) {
    return settings.webhook != config::WebhookSettings();
}

std::vector<std::string> rotas_of(const KnownProvider& provider) {
    std::vector<std::string> names;
    for (const auto& member : provider.rotas) names.push_back(member.rota);
    return names;
}

json::object to_json(const KnownProvider& provider) {
    const config::ProviderSettings& settings = *provider.settings;
    json::array refused;
    for (const auto& domain : provider.domains)
        if (domain.breaker.state != policy::Breaker::State::closed)
            refused.emplace_back(policy::without_controls(domain.name));
    return {{"name", provider.name},
            {"kind", to_string(settings.kind)},
            {"transport", to_string(settings.transport)},
            {"rotas", json::value_from(rotas_of(provider))},
            {"breaker", provider.breaker ? to_string(provider.breaker->state) : "closed"},
            {"refused_domains", std::move(refused)},
            {"events", has_events(settings)}};
}

void print(const std::vector<KnownProvider>& providers, Time now, Console& console) {
    if (console.json) {
        json::array all;
        for (const KnownProvider& provider : providers)
            if (provider.settings != nullptr) all.push_back(to_json(provider));
        console.out << all << '\n';
        return;
    }
    Table table({"PROVIDER", "KIND", "BY", "ROTAS", "EVENTS", "NOW"});
    bool any = false;
    for (const KnownProvider& provider : providers) {
        if (provider.settings == nullptr) continue;
        any = true;
        const auto rotas = rotas_of(provider);
        table.add({provider.name, std::string(to_string(provider.settings->kind)),
                   std::string(to_string(provider.settings->transport)),
                   rotas.empty() ? "-" : fmt::format("{}", fmt::join(rotas, ", ")),
                   has_events(*provider.settings) ? "yes" : "no", standing_of(provider, now)});
    }
    if (any)
        table.print(console.out, console.colours);
    else
        console.out << "the configuration has no provider\n";
}

}  // namespace

Exit provider_list(const std::string& config_file, Console& console) {
    const auto view = open_view(config_file, console);
    if (!view) return view.error();
    const auto providers = ask(*view->opened.store, [&](store::Transaction& transaction) {
        return known_providers(transaction, *view->loaded.config);
    });
    if (!providers) return fail(console, providers.error());
    print(*providers, console.clock(), console);
    return Exit::fine;
}

}  // namespace mailrota::ctl
