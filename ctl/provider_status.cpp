#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "core/policy/safe_text.h"
#include "ctl/amount_text.h"
#include "ctl/known_provider.h"
#include "ctl/relay_commands.h"
#include "ctl/state.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::Breaker;
using policy::without_controls;
using store::Time;

std::string dated(Time time, Time now) {
    return time == Time{} ? "never" : local_text(time) + " (" + from_now_text(time, now) + ")";
}

// When the breaker was opened, where that follows from until when: a Retry-After may have been longer.
std::string since_text(const Breaker& breaker, Time now) {
    if (breaker.state != Breaker::State::open || breaker.period.count() == 0) return "";
    return dated(breaker.until - breaker.period, now);
}

std::string fault_text(const Breaker& breaker, Time now) {
    const std::string when = dated(breaker.last_fault, now);
    return breaker.why.empty() ? when : when + ": " + breaker.why;
}

void add_breaker(Table& table, const Breaker& breaker, Time now) {
    const std::string since = since_text(breaker, now);
    if (!since.empty()) table.add({"since", since});
    if (breaker.alarmed)
        table.add({"look", {"key, account, domain or quota: somebody must mend it there", Cell::Mood::bad}});
    if (breaker.failures > 0) table.add({"failures", fmt::format("{} in a row", breaker.failures)});
    table.add({"last fault", fault_text(breaker, now)});
    table.add({"last success", dated(breaker.last_success, now)});
}

std::string where_text(const config::ProviderSettings& settings) {
    const bool http = settings.transport == config::ProviderSettings::Transport::http;
    return std::string(to_string(settings.kind)) + " by " +
           (http ? settings.base_url : settings.host.to_string());
}

std::string rota_text(const KnownProvider::Member& member, Time now) {
    if (!member.hold) return member.rota;
    const bool over = member.hold->until <= now;
    return fmt::format("{}: {} to it until {}", member.rota, over ? "kept" : "keeps",
                       dated(member.hold->until, now));
}

void print(const KnownProvider& provider, Time now, Console& console) {
    Table table({"PROVIDER", provider.name});
    table.add({"what", provider.settings == nullptr ? "not in the configuration any more"
                                                    : where_text(*provider.settings)});
    for (const auto& member : provider.rotas) table.add({"rota", rota_text(member, now)});
    table.add({"now", provider.breaker ? standing_of(*provider.breaker, now) : Cell("never asked")});
    if (provider.breaker) add_breaker(table, *provider.breaker, now);
    for (const auto& [name, breaker] : provider.domains) {
        const Cell standing = standing_of(breaker, now);
        table.add({"domain", {name + ": " + standing.text, standing.mood}});
        table.add({"", "last fault " + fault_text(breaker, now)});
    }
    table.print(console.out, console.colours);
}

json::object to_json(const Breaker& breaker) {
    json::object shown{{"state", to_string(breaker.state)},
                       {"failures", breaker.failures},
                       {"alarmed", breaker.alarmed},
                       {"words", without_controls(breaker.why)}};
    if (breaker.state != Breaker::State::closed) shown["until"] = utc_text(breaker.until);
    if (breaker.last_fault != Time{}) shown["last_fault"] = utc_text(breaker.last_fault);
    if (breaker.last_success != Time{}) shown["last_success"] = utc_text(breaker.last_success);
    return shown;
}

json::object to_json(const KnownProvider& provider) {
    json::object shown{{"name", provider.name}};
    if (provider.settings != nullptr) {
        shown["kind"] = to_string(provider.settings->kind);
        shown["transport"] = to_string(provider.settings->transport);
    }
    json::array rotas;
    for (const auto& [rota, hold] : provider.rotas) {
        rotas.push_back({{"rota", rota}, {"kept", hold.has_value()}});
        if (hold) rotas.back().get_object()["kept_until"] = utc_text(hold->until);
    }
    shown["rotas"] = std::move(rotas);
    shown["breaker"] = to_json(provider.breaker.value_or(Breaker()));
    json::object domains;
    for (const auto& [name, breaker] : provider.domains) domains[without_controls(name)] = to_json(breaker);
    shown["domains"] = std::move(domains);
    return shown;
}

void print(const std::vector<KnownProvider>& providers, Time now, Console& console) {
    if (console.json) {
        json::array all;
        for (const KnownProvider& provider : providers) all.push_back(to_json(provider));
        console.out << all << '\n';
        return;
    }
    if (providers.empty()) console.out << "the configuration has no provider\n";
    for (std::size_t i = 0; i < providers.size(); ++i) {
        if (i > 0) console.out << '\n';
        print(providers[i], now, console);
    }
}

// Back to the state that a success leaves; when there was the last one is kept.
Breaker closed(const Breaker& breaker) {
    Breaker fresh;
    fresh.scope = breaker.scope;
    fresh.last_fault = breaker.last_fault;
    fresh.last_success = breaker.last_success;
    return fresh;
}

bool is_at_rest(const Breaker& breaker) {
    return breaker.state == Breaker::State::closed && breaker.failures == 0 && !breaker.alarmed;
}

// Those that were closed, as they were.
Result<std::vector<Breaker>> close_breakers(store::Transaction& transaction, const std::string& provider) {
    auto breakers = transaction.breakers({});
    if (!breakers) return breakers;
    std::erase_if(*breakers, [&](const Breaker& breaker) {
        return parse_scope(breaker.scope).provider != provider || is_at_rest(breaker);
    });
    for (const Breaker& breaker : *breakers)
        if (auto put = transaction.put_breaker(closed(breaker)); !put) return tl::unexpected(put.error());
    return breakers;
}

void print_reset(const std::string& name, const std::vector<Breaker>& before, Console& console) {
    if (console.json) {
        json::array all;
        for (const Breaker& breaker : before) {
            json::object was = to_json(breaker);
            was["scope"] = without_controls(breaker.scope);
            all.push_back(std::move(was));
        }
        console.out << json::object{{"provider", name}, {"were", std::move(all)}} << '\n';
        return;
    }
    if (before.empty()) console.out << name << ": nothing to reset, mail goes to it\n";
    for (const Breaker& breaker : before) {
        const Cell was = standing_of(breaker, console.clock());
        console.out << without_controls(breaker.scope) << ": reset, mail goes to it; was " << was.text
                    << (breaker.why.empty() ? "" : ": " + without_controls(breaker.why)) << '\n';
    }
}

}  // namespace

Exit provider_status(const std::string& config_file, const std::string& name, Console& console) {
    const auto view = open_view(config_file, console);
    if (!view) return view.error();
    const config::Config& config = *view->loaded.config;
    auto providers = ask(*view->opened.store, [&](store::Transaction& transaction) {
        return known_providers(transaction, config);
    });
    if (!providers) return fail(console, providers.error());
    if (!name.empty())
        std::erase_if(*providers, [&](const KnownProvider& provider) { return provider.name != name; });
    if (!name.empty() && providers->empty()) return fail(console, Exit::no, no_such_provider(name, config));
    print(*providers, console.clock(), console);
    return Exit::fine;
}

Exit provider_reset(const std::string& config_file, const std::string& name, Console& console) {
    const auto loaded = load_configuration(config_file, console);
    if (!loaded) return Exit::no;
    if (loaded->config->provider(name) == nullptr)
        return fail(console, Exit::no, no_such_provider(name, *loaded->config));
    const auto store = open_for_change(*loaded->config);
    if (!store) return fail(console, store.error());
    std::vector<Breaker> before;
    const auto written = (*store)->write({name}, [&](store::Transaction& transaction) -> Result<void> {
        auto done = close_breakers(transaction, name);
        if (!done) return tl::unexpected(done.error());
        before = *std::move(done);
        return {};
    });
    if (!written) return fail(console, written.error());
    print_reset(name, before, console);
    return Exit::fine;
}

}  // namespace mailrota::ctl
