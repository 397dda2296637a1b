#include "ctl/explained_alert.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "core/policy/safe_text.h"
#include "ctl/incident_text.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::Trigger;
using policy::without_controls;
using runtime::Raised;
using What = policy::Joined::What;

// What it would come to. The number of an incident that is not there yet is nobody's.
std::string outcome(const Raised& raised) {
    switch (raised.what) {
        case What::opened:
            return "would open an incident";
        case What::noted:
            return fmt::format("known: noted with incident {}, nobody is called ({})", raised.incident,
                               raised.why);
        case What::reopened:
            return fmt::format("would escalate incident {} anew ({})", raised.incident, raised.why);
        case What::resolved:
            return fmt::format("would resolve incident {}", raised.incident);
        case What::ignored:
            return fmt::format("would do nothing ({})", raised.why);
    }
    return "";
}

bool speaks(const Raised& raised) { return raised.what == What::opened || raised.what == What::reopened; }

std::string_view severity_of(const Raised& raised, const policy::Policy& policy) {
    const policy::Alert* alert = policy.alert(raised.trigger.alert);
    return alert == nullptr ? "" : to_string(alert->severity);
}

void print(const Raised& raised, const policy::Policy& policy, std::ostream& out) {
    const Trigger& trigger = raised.trigger;
    out << fmt::format("  {} {}: {}\n", trigger.kind == Trigger::Kind::raise ? "alert" : "resolve",
                       trigger.alert, without_controls(outcome(raised)));
    out << fmt::format("    key     {}\n", without_controls(trigger.key));
    out << fmt::format("    rule    {}\n", without_controls(trigger.rule));
    if (!speaks(raised)) return;
    out << fmt::format("    level   {}\n", severity_of(raised, policy));
    out << fmt::format("    spoken  {}\n", spoken_text(trigger.say));
    if (trigger.text != trigger.say) out << fmt::format("    SMS     {}\n", without_controls(trigger.text));
}

}  // namespace

void print_alerts(const std::vector<Raised>& raised, const std::vector<std::string>& beats,
                  const policy::Policy& policy, Console& console) {
    if (raised.empty() && beats.empty()) return;
    console.out << "alerts\n";
    for (const Raised& one : raised) print(one, policy, console.out);
    for (const std::string& beat : beats) console.out << fmt::format("  heartbeat {}: has come\n", beat);
}

json::array to_json(const std::vector<Raised>& raised, const policy::Policy& policy) {
    json::array all;
    for (const Raised& one : raised) {
        const bool raises = one.trigger.kind == Trigger::Kind::raise;
        json::object shown{{"kind", raises ? "raise" : "resolve"},
                           {"alert", one.trigger.alert},
                           {"key", without_controls(one.trigger.key)},
                           {"rule", without_controls(one.trigger.rule)},
                           {"what", to_string(one.what)},
                           {"why", without_controls(one.why)},
                           {"outcome", without_controls(outcome(one))}};
        if (one.incident != 0 && one.what != What::opened) shown["incident"] = one.incident;
        if (raises) {
            shown["severity"] = severity_of(one, policy);
            shown["spoken"] = spoken_text(one.trigger.say);
            shown["text"] = without_controls(one.trigger.text);
        }
        all.push_back(std::move(shown));
    }
    return all;
}

}  // namespace mailrota::ctl
