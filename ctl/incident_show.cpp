#include <fmt/format.h>

#include <boost/json.hpp>
#include <optional>
#include <ostream>

#include "core/policy/people.h"
#include "core/policy/safe_text.h"
#include "ctl/amount_text.h"
#include "ctl/incident_commands.h"
#include "ctl/incident_text.h"
#include "ctl/state.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {
namespace {

namespace json = boost::json;
using policy::Contact;
using policy::Incident;

// An incident with all that belongs to it.
struct ShownIncident {
    Incident incident;
    std::vector<Contact> contacts;
    std::vector<store::IncidentLine> story;
};

Result<std::optional<ShownIncident>> find_incident(store::Transaction& transaction, std::int64_t number) {
    auto incident = transaction.incident(number);
    if (!incident) return tl::unexpected(incident.error());
    if (!*incident) return std::nullopt;
    auto contacts = transaction.contacts_of(number);
    if (!contacts) return tl::unexpected(contacts.error());
    auto story = transaction.lines_of(number);
    if (!story) return tl::unexpected(story.error());
    return ShownIncident{**std::move(incident), *std::move(contacts), *std::move(story)};
}

std::string dated(store::Time time, store::Time now) {
    return local_text(time) + " (" + from_now_text(time, now) + ")";
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

void print_standing(const Incident& incident, const policy::Policy& policy, Console& console) {
    const store::Time now = console.clock();
    Table table({fmt::format("INCIDENT {}", incident.number), ""});
    table.add({"state", state_cell(incident, now)});
    if (!incident.by.empty())
        table.add({"by", person_text(policy, incident.by) + ", " + dated(incident.changed, now)});
    table.add({"alert", incident.alert});
    table.add({"key", incident.key});
    table.add({"severity", std::string(to_string(incident.severity))});
    table.add({"spoken", spoken_text(incident.say)});
    if (!incident.text.empty() && incident.text != incident.say) table.add({"SMS", incident.text});
    table.add({"opened", dated(incident.opened, now)});
    table.add({"counts until", dated(incident.until, now)});
    table.add({"rule", or_dash(incident.rule)});
    table.add({"subject", or_dash(incident.subject)});
    table.add({"mail", or_dash(incident.mail)});
    if (!incident.queue_id.empty()) table.add({"queue id", incident.queue_id});
    table.add({"mails", fmt::format("{}", incident.mails)});
    table.add(
        {"escalated", incident.escalations == 1 ? "once" : fmt::format("{} times", incident.escalations)});
    table.print(console.out, console.colours);
}

Cell standing_cell(const Contact& contact) {
    std::string text(to_string(contact.state));
    if (!contact.status.empty()) text += " (" + contact.status + ")";
    const bool bad = contact.state == Contact::State::unreached || contact.state == Contact::State::barred;
    const bool good = contact.state == Contact::State::done;
    return {std::move(text), bad ? Cell::Mood::bad : good ? Cell::Mood::good : Cell::Mood::plain};
}

std::string answered_text(const Contact& contact) {
    if (contact.human) return contact.way == Contact::Way::call ? "a key was pressed" : "came back";
    return or_dash(contact.answered_by);
}

void print_contacts(const ShownIncident& shown, const policy::Policy& policy, Console& console) {
    if (shown.contacts.empty()) return;
    console.out << "\ncalls and messages\n";
    Table table({"WAY", "TO", "BEGUN", "STATE", "BY", "ID", "ANSWERED BY", "WHY"});
    for (const Contact& contact : shown.contacts) {
        table.add({std::string(to_string(contact.way)), person_text(policy, contact.member),
                   contact.begun == store::Time{} ? "-" : local_text(contact.begun), standing_cell(contact),
                   or_dash(contact.account), or_dash(contact.provider_id), answered_text(contact),
                   contact.words});
    }
    table.print(console.out, console.colours, 2);
}

void print_story(const std::vector<store::IncidentLine>& story, Console& console) {
    if (story.empty()) return;
    console.out << "\nstory\n";
    Table table({"AT", "EVENT", "WHAT"});
    for (const store::IncidentLine& line : story) table.add({local_text(line.at), line.event, line.text});
    table.print(console.out, console.colours, 2);
}

json::object of_shown(const ShownIncident& shown, const policy::Policy& policy, store::Time now) {
    json::object object = to_json(shown.incident, policy, now);
    json::array contacts, story;
    for (const Contact& contact : shown.contacts) contacts.push_back(to_json(contact, policy));
    for (const store::IncidentLine& line : shown.story) {
        story.push_back({{"at", utc_text(line.at)},
                         {"event", line.event},
                         {"text", policy::without_controls(line.text)}});
    }
    object["contacts"] = std::move(contacts);
    object["story"] = std::move(story);
    return object;
}

}  // namespace

Exit incident_show(const std::string& config_file, std::int64_t number, Console& console) {
    const auto view = open_view(config_file, console);
    if (!view) return view.error();
    const auto shown = ask(*view->opened.store, [&](store::Transaction& transaction) {
        return find_incident(transaction, number);
    });
    if (!shown) return fail(console, shown.error());
    if (!*shown) return fail(console, Exit::no, fmt::format("there is no incident {}", number));
    if (console.json) {
        console.out << of_shown(**shown, *view->loaded.policy, console.clock()) << '\n';
        return Exit::fine;
    }
    print_standing((*shown)->incident, *view->loaded.policy, console);
    print_contacts(**shown, *view->loaded.policy, console);
    print_story((*shown)->story, console);
    return Exit::fine;
}

}  // namespace mailrota::ctl
