#include "core/config/load_times.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/config/load_members.h"
#include "core/config/load_schedule.h"
#include "core/config/load_sockets.h"
#include "core/config/suggest.h"

namespace mailrota::config {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr minutes shortest_every{5};
constexpr hours longest_every{24 * 366};

void load_when(const Section& section, std::string_view what, policy::Heartbeat& due) {
    const std::string_view sample = "write as in every = \"25h\", or by = \"07:00\"";
    if (section.has("every") && section.has("by"))
        section.error("by", fmt::format("stands beside \"every\": {} has one of the two", what), sample);
    if (!section.has("every") && !section.has("by"))
        section.diagnostics().error(section.line(), section.path(), "has neither \"every\" nor \"by\"",
                                    sample);
    const auto every = load_duration(section, "every", shortest_every, longest_every);
    due.every = every.value_or(due.every);
    const auto by = section.text("by");
    if (!by) return;
    due.by = parse_clock(*by);
    if (!due.by || *due.by == minutes{0})
        section.error("by", quoted(*by) + " is no time after midnight", "write as in \"07:00\"");
}

void load_days(const Section& section, policy::Heartbeat& due) {
    const auto zone = load_zone(section, "tz");
    due.zone = zone.value_or(policy::Zone());
    if (section.has("tz") && !section.has("by") && !section.has("days"))
        section.error("tz", "is of no use: \"every\" knows no time of day", "leave it out, or write by");
    const auto text = section.text("days");
    if (!text) return;
    auto days = policy::Hours::parse(*text);
    if (!days) {
        section.error("days", days.error().text, "write as in \"Mon-Fri\"");
    } else if (text->find(':') != std::string::npos) {
        section.error("days", quoted(*text) + " has times in it: it takes whole days",
                      "write as in \"Mon-Fri\"");
    } else {
        due.days = std::move(*days);
    }
}

}  // namespace

void load_times(const Section& section, std::string_view what, policy::Heartbeat& due) {
    load_when(section, what, due);
    load_days(section, due);
}

std::string load_alert_name(const Section& section, std::string_view key, std::string_view missing,
                            const std::vector<std::string>& known) {
    const auto name = section.text(key);
    if (!section.has(key))
        section.error(key, fmt::format("is missing: {}", missing),
                      fmt::format("write as in {} = \"emergency\"", key));
    if (!name) return {};
    if (std::find(known.begin(), known.end(), *name) != known.end()) return *name;
    const std::string near = suggestion(*name, known);
    section.error(key, "there is no alert " + quoted(*name),
                  near.empty() ? fmt::format("write [alert.{}]", *name) : near);
    return {};
}

}  // namespace mailrota::config
