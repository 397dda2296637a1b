#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "core/policy/people.h"
#include "core/policy/safe_text.h"
#include "ctl/incident_commands.h"
#include "ctl/incident_text.h"
#include "ctl/state.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

using policy::Incident;

constexpr std::size_t widest_text = 60;  // bytes of what is spoken

void print(const std::vector<Incident>& incidents, const IncidentListRequest& request,
           const policy::Policy& policy, Console& console) {
    const auto now = console.clock();
    if (console.json) {
        boost::json::array all;
        for (const Incident& incident : incidents) all.push_back(to_json(incident, policy, now));
        console.out << all << '\n';
        return;
    }
    if (incidents.empty()) {
        console.out << (request.with_over ? "there are no incidents\n" : "no incident is open\n");
        return;
    }
    Table table({"NUMBER", "STATE", "SEVERITY", "ALERT", "KEY", "OPENED", "MAILS", "BY", "TEXT"});
    for (const Incident& incident : incidents) {
        const std::string said = policy::single_spaced(incident.say);
        const auto text = policy::cut_text(said, widest_text);
        table.add({fmt::format("{}", incident.number), state_cell(incident, now),
                   std::string(to_string(incident.severity)), incident.alert, incident.key,
                   local_text(incident.opened), fmt::format("{}", incident.mails),
                   incident.by.empty() ? "-" : person_text(policy, incident.by),
                   std::string(text) + (text.size() < said.size() ? "…" : "")});
    }
    table.print(console.out, console.colours);
}

}  // namespace

Exit incident_list(const IncidentListRequest& request, Console& console) {
    const auto view = open_view(request.config_file, console);
    if (!view) return view.error();
    const store::Incidents::IncidentFilter filter{request.with_over, request.alert, {}};
    auto incidents = ask(*view->opened.store, [&](store::Transaction& transaction) {
        return transaction.incidents(filter, console.clock(), request.limit + 1);
    });
    if (!incidents) return fail(console, incidents.error());
    const bool more = incidents->size() > request.limit;
    if (more) incidents->resize(request.limit);
    print(*incidents, request, *view->loaded.policy, console);
    if (more)
        console.err << "mailrota: these are the newest " << request.limit << "; there are more (--limit)\n";
    return Exit::fine;
}

}  // namespace mailrota::ctl
