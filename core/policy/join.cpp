#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/policy/incident.h"

namespace mailrota::policy {
namespace {

using What = Joined::What;
using State = Incident::State;

std::string duration_text(std::chrono::seconds duration) {
    const auto count = duration.count();
    if (count % 3600 == 0) return fmt::format("{}h", count / 3600);
    return count % 60 == 0 ? fmt::format("{}m", count / 60) : fmt::format("{}s", count);
}

bool burst_complete(const Alert& alert, const Known& known) {
    return !alert.burst || known.recent >= alert.burst->mails;
}

std::string burst_text(const Alert& alert, const Known& known) {
    return fmt::format("{} of {} mails in {}", known.recent, alert.burst->mails,
                       duration_text(alert.burst->within));
}

// Starts an escalation of this incident from the top, with what the trigger says.
void escalate(Incident& incident, const Alert& alert, const Trigger& trigger, Instant now) {
    incident.state = State::open;
    incident.severity = alert.severity;
    incident.acknowledge = alert.acknowledge;
    incident.say = trigger.say;
    incident.text = trigger.text.empty() ? trigger.say : trigger.text;
    incident.rule = trigger.rule;
    incident.changed = now;
    incident.until = std::max(incident.opened + alert.window, now + escalation_time(alert));
    incident.by.clear();
    incident.progress = {};
    incident.progress.due = now;
}

Joined open(const Alert& alert, const Trigger& trigger, const Known& known, Instant now) {
    if (!burst_complete(alert, known)) return {What::ignored, std::nullopt, burst_text(alert, known)};
    Incident incident;
    incident.alert = alert.name;
    incident.key = trigger.key;
    incident.opened = now;
    incident.mails = std::max(known.recent, 1);
    escalate(incident, alert, trigger, now);
    return {What::opened, incident, alert.burst ? burst_text(alert, known) : "nothing of this key is open"};
}

bool says_something_new(const Trigger& trigger, const Known& known) {
    return std::ranges::any_of(trigger.lines, [&](const std::string& line) {
        return std::ranges::find(known.lines, line) == known.lines.end();
    });
}

Joined raise_exhausted(const Alert& alert, const Trigger& trigger, const Known& known, Incident incident,
                       Instant now) {
    const bool fresh = says_something_new(trigger, known);
    if (!fresh && trigger.reply) return {What::noted, std::move(incident), "an answer that says nothing new"};
    if (!burst_complete(alert, known)) return {What::noted, std::move(incident), burst_text(alert, known)};
    ++incident.escalations;
    escalate(incident, alert, trigger, now);
    return {
        What::reopened, std::move(incident),
        fresh ? "nobody was reached, and it says something new" : "nobody was reached, and it is said again"};
}

Joined raise(const Alert& alert, const Trigger& trigger, const Known& known, Instant now) {
    if (!known.live || !known.live->live(now)) return open(alert, trigger, known, now);
    auto incident = *known.live;
    ++incident.mails;
    if (incident.state == State::exhausted)
        return raise_exhausted(alert, trigger, known, std::move(incident), now);
    auto why = fmt::format("incident {} is {}", incident.number, to_string(incident.state));
    return {What::noted, std::move(incident), std::move(why)};
}

Joined resolve(const Known& known, Instant now) {
    if (!known.live || !known.live->live(now))
        return {What::ignored, std::nullopt, "there is nothing to resolve"};
    auto incident = *known.live;
    ++incident.mails;
    return {What::resolved, resolved(std::move(incident), "mail", now), "a mail says that it is over"};
}

}  // namespace

std::string_view to_string(Joined::What what) {
    constexpr std::array<std::string_view, 5> names{"opened", "noted", "reopened", "resolved", "ignored"};
    return names.at(static_cast<std::size_t>(what));
}

Joined join(const Alert& alert, const Trigger& trigger, const Known& known, Instant now) {
    return trigger.kind == Trigger::Kind::raise ? raise(alert, trigger, known, now) : resolve(known, now);
}

}  // namespace mailrota::policy
