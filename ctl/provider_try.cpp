#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <exception>
#include <ostream>

#include "core/policy/safe_text.h"
#include "ctl/known_provider.h"
#include "ctl/provider_probe.h"
#include "ctl/relay_commands.h"
#include "ctl/state.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using providers::Probe;

// Only this provider's keys are read: another's that is missing does not stand in its way.
Probe try_one(const config::Config& config, const config::ProviderSettings& settings) {
    config::Config alone = config;
    alone.providers = {settings};
    const auto carriers = runtime::Carriers::open(alone);
    if (!carriers) return {false, carriers.error().text};
    Probe told;
    boost::asio::io_context context(1);
    boost::asio::co_spawn(context, probe(*carriers, settings.name),
                          [&](const std::exception_ptr& fault, Probe probe) {
                              if (fault) std::rethrow_exception(fault);
                              told = std::move(probe);
                          });
    context.run();
    return told;
}

void print(const std::string& name, const Probe& told, Console& console) {
    const std::string words = policy::without_controls(told.words);
    if (told.works)
        console.out << name << " works" << (words.empty() ? "" : ": " + words) << std::endl;
    else
        console.err << "mailrota: " << name << " does not work: " << words << std::endl;
}

}  // namespace

Exit provider_try(const std::string& config_file, const std::vector<std::string>& names, Console& console) {
    const auto loaded = load_configuration(config_file, console);
    if (!loaded) return Exit::no;
    const config::Config& config = *loaded->config;
    for (const std::string& name : names)
        if (config.provider(name) == nullptr) return fail(console, Exit::no, no_such_provider(name, config));
    if (config.providers.empty()) return fail(console, Exit::no, "the configuration has no provider");
    json::array all;
    Exit exit = Exit::fine;
    for (const config::ProviderSettings& settings : config.providers) {
        if (!names.empty() && std::ranges::find(names, settings.name) == names.end()) continue;
        const Probe told = try_one(config, settings);
        if (!told.works) exit = Exit::no;
        if (!console.json) print(settings.name, told, console);
        all.push_back({{"provider", settings.name},
                       {"works", told.works},
                       {"words", policy::without_controls(told.words)}});
    }
    if (console.json) console.out << all << '\n';
    return exit;
}

}  // namespace mailrota::ctl
