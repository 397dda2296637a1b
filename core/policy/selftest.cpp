#include "core/policy/selftest.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/policy/safe_text.h"
#include "core/policy/template.h"

namespace mailrota::policy {
namespace {

std::string fill(std::string_view text, const Captures& captures) {
    const mail::Envelope nobody;
    return fill_template(text, TemplateValues{nobody, nullptr, {}, {}, captures});
}

bool sent(const Contact& contact) { return !contact.provider_id.empty(); }

bool delivered(const Contact& contact) { return contact.state == Contact::State::done || contact.human; }

// Somebody did something about it: not only the calls were exhausted, nor did a mail resolve it.
bool taken_on(const Incident& incident) {
    return incident.state == Incident::State::acknowledged ||
           (incident.state == Incident::State::resolved && incident.by != "mail");
}

// "call to +15550101 (busy): the number is busy"
std::string told_of(const Contact& contact) {
    auto text = fmt::format("{} to {} ({})", to_string(contact.way), contact.number,
                            contact.status.empty() ? to_string(contact.state) : contact.status);
    if (!contact.words.empty()) text += ": " + contact.words;
    return text;
}

std::string last_of(const ChainSight& sight) {
    return sight.contacts.empty() ? "nobody was to be called yet" : told_of(sight.contacts.back());
}

std::string before_incident(const Selftest& selftest, const ChainSight& sight, Reached point) {
    const auto none =
        fmt::format("no incident of alert {} with its token in the key was opened", quoted(selftest.alert));
    if (point == Reached::received)
        return fmt::format("the mail came to {}, but no rule raised it: {}", sight.received, none);
    if (point == Reached::submitted)
        return fmt::format("the MTA took the mail ({}), but {}", sight.submitted, none);
    if (sight.trouble.empty()) return "its mail was not submitted: no mailrota-worker got to it in time";
    return sight.trouble;
}

}  // namespace

std::string_view to_string(Reached reached) {
    switch (reached) {
        case Reached::nothing:
            return "nothing";
        case Reached::submitted:
            return "submitted";
        case Reached::received:
            return "received";
        case Reached::raised:
            return "raised";
        case Reached::sent:
            return "sent";
        case Reached::delivered:
            return "delivered";
        case Reached::acknowledged:
            return "acknowledged";
    }
    return "";
}

std::string fill_selftest(std::string_view text, const Selftest& selftest, std::string_view token) {
    return fill(text, {{"selftest", selftest.name}, {"token", std::string(token)}});
}

Reached reached(const ChainSight& sight) {
    if (sight.incident) {
        if (taken_on(*sight.incident)) return Reached::acknowledged;
        if (std::ranges::any_of(sight.contacts, delivered)) return Reached::delivered;
        if (std::ranges::any_of(sight.contacts, sent)) return Reached::sent;
        return Reached::raised;
    }
    if (!sight.received.empty()) return Reached::received;
    return sight.submitted.empty() ? Reached::nothing : Reached::submitted;
}

std::string standing(const Selftest& selftest, const ChainSight& sight) {
    const auto point = reached(sight);
    if (!sight.incident) return without_controls(before_incident(selftest, sight, point));
    const auto incident = fmt::format("incident {}", sight.incident->number);
    const std::string over = sight.incident->state == Incident::State::open
                                 ? ""
                                 : fmt::format("; it is {}", to_string(sight.incident->state));
    std::string text;
    if (point == Reached::raised)
        text = fmt::format("{} was opened, but no provider accepted a call or SMS of it: {}{}", incident,
                           last_of(sight), over);
    else if (point == Reached::sent)
        text = fmt::format("a call or SMS of {} was accepted, but none was answered or delivered: {}{}",
                           incident, last_of(sight), over);
    else if (point == Reached::delivered)
        text =
            fmt::format("{} was told of, but nobody acknowledged it: {}{}", incident, last_of(sight), over);
    else
        text = fmt::format("{} was {} by {}", incident, to_string(sight.incident->state), sight.incident->by);
    return without_controls(text);
}

Verdict judge(const Selftest& selftest, const ChainSight& sight, Instant begun, Instant now) {
    if (reached(sight) >= selftest.proof) return Verdict::passed;
    const bool hopeless = sight.incident ? sight.incident->state == Incident::State::resolved : sight.refused;
    return hopeless || now >= begun + selftest.within ? Verdict::failed : Verdict::waits;
}

Trigger failed(const Selftest& selftest, const Alert& alarm, std::string_view reason) {
    const Captures named{{"selftest", selftest.name}};
    const Captures captures{{"selftest", selftest.name}, {"reason", std::string(reason)}};
    Trigger trigger;
    trigger.alert = alarm.name;
    trigger.rule = "self-test " + selftest.name;
    trigger.key = cleaned_key(fill(alarm.key, named));
    if (trigger.key.empty()) trigger.key = cleaned_key(selftest.name);
    trigger.say = fill(alarm.say, captures);
    if (single_spaced(trigger.say).empty())
        trigger.say = fmt::format("Self-test {} has failed: {}.", selftest.name, reason);
    trigger.text = fill(alarm.text, captures);
    if (single_spaced(trigger.text).empty()) trigger.text = trigger.say;
    trigger.lines = {line_digest(trigger.rule)};
    return trigger;
}

}  // namespace mailrota::policy
