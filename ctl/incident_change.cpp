#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "core/policy/people.h"
#include "core/policy/safe_text.h"
#include "core/runtime/incident_news.h"
#include "ctl/incident_commands.h"
#include "ctl/incident_text.h"
#include "ctl/state.h"
#include "ctl/time_text.h"

// The commands that change incidents by hand: ack, resolve.
namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::Incident;
using providers::Command;
using runtime::Obeyed;

// What became of one incident.
struct Changed {
    std::int64_t number = 0;
    bool changed = false;
    std::string text;
};

std::string text_of(const Obeyed& obeyed, const policy::Policy& policy) {
    const Incident& incident = obeyed.incident;
    const std::string by = incident.by.empty() ? "" : " by " + person_text(policy, incident.by);
    switch (obeyed.what) {
        case Obeyed::What::acknowledged:
            return "acknowledged" + by + "; nobody else is called";
        case Obeyed::What::resolved:
            return "resolved" + by;
        case Obeyed::What::already:
            return fmt::format("is {} already,{} at {}", to_string(incident.state), by,
                               local_text(incident.changed));
        case Obeyed::What::over:
        case Obeyed::What::passed_on:
            break;
    }
    if (incident.state == Incident::State::resolved)
        return fmt::format("is over: resolved{} at {}", by, local_text(incident.changed));
    return "is over: its window ended at " + local_text(incident.until);
}

Result<Changed> change_one(store::Transaction& transaction, std::int64_t number, Command::Do command,
                           const std::string& by, const policy::Policy& policy, store::Time now) {
    const auto incident = transaction.incident(number);
    if (!incident) return tl::unexpected(incident.error());
    if (!*incident) return Changed{number, false, "there is no such incident"};
    const auto obeyed = runtime::obey(transaction, policy, **incident, command, by, now);
    if (!obeyed) return tl::unexpected(obeyed.error());
    const bool changed = obeyed->what == Obeyed::What::acknowledged || obeyed->what == Obeyed::What::resolved;
    return Changed{number, changed, text_of(*obeyed, policy)};
}

Exit print(const std::vector<Changed>& all, Console& console) {
    Exit exit = Exit::fine;
    json::array shown;
    for (const Changed& one : all) {
        if (!one.changed) exit = Exit::no;
        shown.push_back({{"number", one.number}, {"changed", one.changed}, {"text", one.text}});
        if (!console.json)
            (one.changed ? console.out : console.err << "mailrota: ")
                << "incident " << one.number << ": " << one.text << '\n';
    }
    if (console.json) console.out << shown << '\n';
    return exit;
}

Exit change_all(const IncidentChange& change, Command::Do command, Console& console) {
    const auto loaded = load_configuration(change.config_file, console);
    if (!loaded) return Exit::no;
    const auto store = open_for_change(*loaded->config);
    if (!store) return fail(console, store.error());
    const std::string by = change.by.empty() ? at_the_console() : policy::single_spaced(change.by);
    std::vector<Changed> all;
    const auto written = (*store)->write(
        {std::string(store::incidents_lock)}, [&](store::Transaction& transaction) -> Result<void> {
            all.clear();
            for (const std::int64_t number : change.numbers) {
                auto one = change_one(transaction, number, command, by, *loaded->policy, console.clock());
                if (!one) return tl::unexpected(one.error());
                all.push_back(*std::move(one));
            }
            return {};
        });
    if (!written) return fail(console, written.error());
    return print(all, console);
}

}  // namespace

Exit incident_ack(const IncidentChange& change, Console& console) {
    return change_all(change, Command::Do::acknowledge, console);
}

Exit incident_resolve(const IncidentChange& change, Console& console) {
    return change_all(change, Command::Do::resolve, console);
}

}  // namespace mailrota::ctl
