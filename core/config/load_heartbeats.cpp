#include "core/config/draft.h"
#include "core/config/load_sockets.h"
#include "core/config/load_times.h"

namespace mailrota::config {

namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr hours longest_grace{24 * 7};

}  // namespace

void load_heartbeats(const Section& top, Draft& draft) {
    for (const auto& [name, section] : top.named("heartbeat", "heartbeat.NAME")) {
        HeartbeatDraft one;
        one.line = section.line();
        one.heartbeat.name = name;
        one.heartbeat.alert = load_alert_name(section, "alert", "what is raised when the mail does not come?",
                                              draft.alert_names());
        load_times(section, "a heartbeat", one.heartbeat);
        one.heartbeat.grace = load_duration(section, "grace", seconds{1}, longest_grace).value_or(seconds{0});
        draft.heartbeats.push_back(std::move(one));
    }
}

}  // namespace mailrota::config
