#include <fmt/format.h>

#include <algorithm>

#include "core/config/draft.h"
#include "core/config/load_members.h"
#include "core/config/load_schedule.h"
#include "core/config/load_sockets.h"
#include "core/config/suggest.h"

namespace mailrota::config {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes shortest_every{5};
constexpr hours longest_every{24 * 366};
constexpr hours longest_grace{24 * 7};

void load_alert(const Section& section, const Draft& draft, policy::Heartbeat& heartbeat) {
    const auto name = section.text("alert");
    if (!section.has("alert"))
        section.error("alert", "is missing: what is raised when the mail does not come?",
                      "write as in alert = \"emergency\"");
    if (!name) return;
    heartbeat.alert = *name;
    const auto known = draft.alert_names();
    if (std::find(known.begin(), known.end(), *name) != known.end()) return;
    const std::string near = suggestion(*name, known);
    section.error("alert", "there is no alert " + quoted(*name),
                  near.empty() ? fmt::format("write [alert.{}]", *name) : near);
}

void load_when(const Section& section, policy::Heartbeat& heartbeat) {
    const std::string_view sample = "write as in every = \"25h\", or by = \"07:00\"";
    if (section.has("every") && section.has("by"))
        section.error("by", "stands beside \"every\": a heartbeat has one of the two", sample);
    if (!section.has("every") && !section.has("by"))
        section.diagnostics().error(section.line(), section.path(), "has neither \"every\" nor \"by\"",
                                    sample);
    const auto every = load_duration(section, "every", shortest_every, longest_every);
    heartbeat.every = every.value_or(heartbeat.every);
    const auto by = section.text("by");
    if (!by) return;
    heartbeat.by = parse_clock(*by);
    if (!heartbeat.by || *heartbeat.by == minutes{0})
        section.error("by", quoted(*by) + " is no time after midnight", "write as in \"07:00\"");
}

void load_days(const Section& section, policy::Heartbeat& heartbeat) {
    const auto zone = load_zone(section, "tz");
    heartbeat.zone = zone.value_or(policy::Zone());
    if (section.has("tz") && !section.has("by") && !section.has("days"))
        section.error("tz", "is of no use: \"every\" knows no time of day", "leave it out, or add days");
    const auto text = section.text("days");
    if (!text) return;
    auto days = policy::Hours::parse(*text);
    if (!days) {
        section.error("days", days.error().text, "write as in \"Mon-Fri\"");
    } else if (text->find(':') != std::string::npos) {
        section.error("days", quoted(*text) + " has times in it: it takes whole days",
                      "write as in \"Mon-Fri\"");
    } else {
        heartbeat.days = std::move(*days);
    }
}

}  // namespace

void load_heartbeats(const Section& top, Draft& draft) {
    for (const auto& [name, section] : top.named("heartbeat", "heartbeat.NAME")) {
        HeartbeatDraft one;
        one.line = section.line();
        one.heartbeat.name = name;
        load_alert(section, draft, one.heartbeat);
        load_when(section, one.heartbeat);
        load_days(section, one.heartbeat);
        one.heartbeat.grace = load_duration(section, "grace", seconds{1}, longest_grace).value_or(seconds{0});
        draft.heartbeats.push_back(std::move(one));
    }
}

}  // namespace mailrota::config
