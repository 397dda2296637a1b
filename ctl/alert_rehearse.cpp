#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <ostream>

#include "core/policy/escalation.h"
#include "core/policy/safe_text.h"
#include "core/runtime/on_call.h"
#include "ctl/amount_text.h"
#include "ctl/hand_made.h"
#include "ctl/incident_text.h"
#include "ctl/state.h"
#include "ctl/time_text.h"

// mailrota alert test: what an alert would do.
namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::Alert;
using policy::Foreseen;
using policy::Incident;

// What the store knows that matters here.
struct Standing {
    policy::OnCall on_call;
    std::optional<Incident> live;  // of the same key
};

struct Rehearsed {
    const Alert& alert;
    Incident incident;
    std::optional<Incident> live;
    std::vector<Foreseen> timeline;
};

Result<Standing> read_standing(store::Transaction& transaction, const policy::Policy& policy,
                               const Alert& alert, const std::string& key, store::Time at) {
    auto on_call = runtime::read_on_call(transaction, policy, alert);
    if (!on_call) return tl::unexpected(on_call.error());
    auto live = transaction.live_incident(alert.name, key, at);
    if (!live) return tl::unexpected(live.error());
    return Standing{*std::move(on_call), *std::move(live)};
}

std::string after_text(policy::Instant at, policy::Instant opened) {
    if (at <= opened) return "at once";
    const auto after = at - opened;
    const auto seconds = after.count() % 60;
    const bool exact = after > std::chrono::minutes{1} && after < std::chrono::hours{1} && seconds != 0;
    return span_text(after) + (exact ? fmt::format(" {}s", seconds) : "");
}

void print(const Rehearsed& rehearsed, Console& console) {
    const auto& [alert, incident, live, timeline] = rehearsed;
    Table head({"ALERT", alert.name});
    head.add({"severity", std::string(to_string(alert.severity))});
    head.add({"key", incident.key});
    head.add({"spoken", spoken_text(incident.say)});
    if (incident.text != spoken_text(incident.say)) head.add({"SMS", incident.text});
    head.add({"taken on by", std::string(to_string(alert.acknowledge))});
    if (alert.burst)
        head.add({"only after",
                  fmt::format("{} mails within {}", alert.burst->mails, span_text(alert.burst->within))});
    head.print(console.out, console.colours);
    if (live)
        console.out << fmt::format("\nincident {} of this key is {}: nobody would be called for it\n",
                                   live->number, to_string(live->state));
    console.out << "\nif nobody reacts\n";
    Table table({"AFTER", "AT", "TO", "WHAT"});
    for (const Foreseen& one : timeline) {
        const bool end = one.what.event == "exhausted" || one.what.event == "nobody";
        table.add({after_text(one.at, incident.opened),
                   local_text(one.at),
                   one.contact ? one.contact->number : "-",
                   {one.what.text, end ? Cell::Mood::bad : Cell::Mood::plain}});
    }
    table.print(console.out, console.colours, 2);
}

void print_json(const Rehearsed& rehearsed, std::ostream& out) {
    const auto& [alert, incident, live, timeline] = rehearsed;
    json::array steps;
    for (const Foreseen& one : timeline) {
        json::object step{{"at", utc_text(one.at)},
                          {"after", (one.at - incident.opened).count()},
                          {"event", one.what.event},
                          {"text", policy::without_controls(one.what.text)}};
        if (one.contact) {
            step["way"] = to_string(one.contact->way);
            step["number"] = one.contact->number;
        }
        steps.push_back(std::move(step));
    }
    json::object shown{{"alert", alert.name},
                       {"severity", to_string(alert.severity)},
                       {"key", policy::without_controls(incident.key)},
                       {"spoken", spoken_text(incident.say)},
                       {"text", policy::without_controls(incident.text)},
                       {"acknowledge", to_string(alert.acknowledge)},
                       {"timeline", std::move(steps)}};
    if (live) shown["live"] = live->number;
    out << shown << '\n';
}

}  // namespace

Exit alert_rehearse(const HandMade& request, const std::string& typed, Console& console) {
    const auto view = open_view(request.config_file, console);
    if (!view) return view.error();
    const policy::Policy& policy = *view->loaded.policy;
    const Alert* alert = policy.alert(request.alert);
    if (alert == nullptr) return fail(console, Exit::no, no_such_alert(request.alert, policy.alerts()));
    const auto at = typed.empty() ? console.clock() : parse_time(typed);
    if (!at) return fail(console, Exit::usage, "--at: " + at.error().text);
    const auto trigger = trigger_of(request, *alert, at_the_console());
    if (!trigger) return fail(console, Exit::usage, trigger.error().text);
    auto standing = ask(*view->opened.store, [&](store::Transaction& transaction) {
        return read_standing(transaction, policy, *alert, trigger->key, *at);
    });
    if (!standing) return fail(console, standing.error());
    Alert at_once = *alert;
    at_once.burst.reset();
    Incident incident = policy::join(at_once, *trigger, {}, *at).incident.value();
    auto timeline = policy::timeline(at_once, incident, std::move(standing->on_call), *at,
                                     view->loaded.config->calls.ring);
    const Rehearsed rehearsed{*alert, std::move(incident), std::move(standing->live), std::move(timeline)};
    if (console.json)
        print_json(rehearsed, console.out);
    else
        print(rehearsed, console);
    return Exit::fine;
}

}  // namespace mailrota::ctl
