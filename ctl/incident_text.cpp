#include "ctl/incident_text.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <cstdlib>

#include "core/policy/people.h"
#include "core/policy/safe_text.h"
#include "core/providers/twiml.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::Contact;
using policy::Incident;
using policy::without_controls;

constexpr std::size_t most_spoken = 4'000;  // characters

}  // namespace

Cell state_cell(const Incident& incident, policy::Instant now) {
    const std::string text(to_string(incident.state));
    if (incident.state == Incident::State::resolved) return {text, Cell::Mood::faint};
    if (!incident.live(now)) return {text + ", window over", Cell::Mood::faint};
    const bool taken = incident.state == Incident::State::acknowledged;
    return {text, taken ? Cell::Mood::good : Cell::Mood::bad};
}

std::string spoken_text(const std::string& text) { return providers::spoken(text, most_spoken); }

json::object to_json(const Incident& incident, const policy::Policy& policy, policy::Instant now) {
    return {{"number", incident.number},
            {"alert", incident.alert},
            {"key", without_controls(incident.key)},
            {"state", to_string(incident.state)},
            {"live", incident.live(now)},
            {"severity", to_string(incident.severity)},
            {"acknowledge", to_string(incident.acknowledge)},
            {"spoken", spoken_text(incident.say)},
            {"text", without_controls(incident.text)},
            {"subject", without_controls(incident.subject)},
            {"mail", incident.mail},
            {"queue_id", without_controls(incident.queue_id)},
            {"rule", without_controls(incident.rule)},
            {"opened", utc_text(incident.opened)},
            {"until", utc_text(incident.until)},
            {"changed", utc_text(incident.changed)},
            {"by", without_controls(incident.by)},
            {"by_name", person_name(policy, incident.by)},
            {"mails", incident.mails},
            {"escalations", incident.escalations}};
}

json::object to_json(const Contact& contact, const policy::Policy& policy) {
    json::object shown{{"way", to_string(contact.way)},
                       {"number", without_controls(contact.number)},
                       {"member", without_controls(contact.member)},
                       {"name", person_name(policy, contact.member)},
                       {"state", to_string(contact.state)},
                       {"status", without_controls(contact.status)},
                       {"account", contact.account},
                       {"provider_id", without_controls(contact.provider_id)},
                       {"answered_by", without_controls(contact.answered_by)},
                       {"human", contact.human},
                       {"escalation", contact.escalation},
                       {"attempt", contact.attempt},
                       {"tries", contact.tries},
                       {"made", utc_text(contact.made)},
                       {"words", without_controls(contact.words)}};
    if (contact.begun != policy::Instant{}) shown["begun"] = utc_text(contact.begun);
    if (contact.ended != policy::Instant{}) shown["ended"] = utc_text(contact.ended);
    return shown;
}

std::string at_the_console() {
    constexpr std::size_t enough = 4096;
    const char* name = std::getenv("SUDO_USER");
    std::array<char, enough> memory{};
    passwd entry{};
    passwd* found = nullptr;
    if (name == nullptr && getpwuid_r(getuid(), &entry, memory.data(), memory.size(), &found) == 0 &&
        found != nullptr)
        name = found->pw_name;
    return without_controls(name == nullptr ? "somebody" : name) + " at the console";
}

}  // namespace mailrota::ctl
