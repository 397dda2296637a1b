#include <fmt/format.h>

#include <algorithm>

#include "core/config/draft.h"
#include "core/config/load_provider_access.h"
#include "core/config/load_secret.h"
#include "core/config/load_sockets.h"
#include "core/config/suggest.h"

namespace mailrota::config {

namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr std::int64_t most_failures = 1000;
constexpr hours one_day{24};
constexpr hours one_week{24 * 7};
constexpr hours one_year{24 * 365};

void load_suppress(const Section& section, RelaySettings& relay) {
    static const std::vector<std::string> known = {"bounced", "complained", "unsubscribed", "rejected"};
    if (!section.has("suppress")) return;
    relay.suppress.clear();
    for (const Text& word : section.texts("suppress")) {
        if (std::find(known.begin(), known.end(), word.text) == known.end()) {
            section.diagnostics().error(word.line, section.path("suppress"),
                                        fmt::format("{} is none of {}", quoted(word.text), one_of(known)),
                                        nearest(word.text, known) ? suggestion(word.text, known) : "");
        }
        relay.suppress.push_back(word.text);
    }
}

void load_relay(const Section& section, RelaySettings& relay) {
    load_count(section, "failures", most_failures, relay.failures);
    relay.open = load_duration(section, "open", seconds{1}, one_day).value_or(relay.open);
    const auto longest = load_duration(section, "longest_open", seconds{1}, one_week);
    relay.longest_open = longest.value_or(std::max(relay.longest_open, relay.open));
    if (relay.longest_open < relay.open) section.error("longest_open", "is shorter than \"open\"");
    load_suppress(section, relay);
    relay.notify = section.boolean("notify").value_or(relay.notify);
}

void load_events(const Section& section, const std::string& file, EventSettings& events) {
    events.command = section.text("command").value_or("");
    if (section.text("command") && events.command.empty())
        section.error("command", "is empty", "leave it out if no command is run");
    events.url = load_safe_url(section, "url");
    events.secret = load_secret(section, "secret", file);
    events.ca_file = load_path(section, "ca_file");
    if (!section.has("url")) {
        refuse_keys(section, {"secret", "ca_file"}, "is of no use without a url");
    } else if (!section.has("secret")) {
        section.error("secret", "is missing: whoever gets the events could not tell them from forged ones",
                      "write secret = { file = \"/etc/mailrota/secrets/events\" }");
    }
    events.expire = load_duration(section, "expire", seconds{60}, one_year).value_or(events.expire);
    events.max_body = section.bytes("max_body").value_or(events.max_body);
}

}  // namespace

void load_relaying(const Section& top, Draft& draft) {
    if (const auto section = top.section("relay")) load_relay(*section, draft.config.relay);
    if (const auto section = top.section("events"))
        load_events(*section, draft.config.file, draft.config.events);
}

}  // namespace mailrota::config
