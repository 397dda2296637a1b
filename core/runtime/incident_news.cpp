#include "core/runtime/incident_news.h"

#include <fmt/format.h>

#include <optional>

#include "core/policy/people.h"
#include "core/runtime/alert_jobs.h"
#include "core/runtime/contact_step.h"

namespace mailrota::runtime {
namespace {

using policy::Contact;
using policy::Incident;
using providers::Command;
using store::Time;
using What = Obeyed::What;

struct Change {
    What what = What::over;
    std::optional<Incident> after;
};

// What the command makes of the incident. Pure.
Change change_of(const Incident& incident, Command::Do command, const std::string& by, Time now) {
    if (command == Command::Do::acknowledge)
        return {What::acknowledged, policy::acknowledged(incident, by, now)};
    if (command == Command::Do::resolve) return {What::resolved, policy::resolved(incident, by, now)};
    if (command != Command::Do::pass_on || !incident.live(now)) return {};
    return {What::passed_on, policy::passed_on(incident, by)};
}

// What is said when there was nothing to do.
What unchanged(const Incident& incident, What asked) {
    if (incident.state == Incident::State::acknowledged) return What::already;
    // It has come to somebody else already: the request came twice, or late.
    return incident.state == Incident::State::open ? asked : What::over;
}

std::string told_of(const policy::Policy& policy, const Contact& contact) {
    const std::string name = policy::person_name(policy, contact.member);
    std::string text =
        fmt::format("{} to {}{} ({})", policy::to_string(contact.way),
                    name.empty() || name == contact.number ? "" : name + ", ", contact.number,
                    contact.status.empty() ? policy::to_string(contact.state) : contact.status);
    if (!contact.account.empty()) text += " by " + contact.account;
    if (!contact.answered_by.empty()) text += ", answered by " + contact.answered_by;
    if (!contact.words.empty()) text += ": " + contact.words;
    return text;
}

bool answered(const Contact& contact) {
    return contact.way == Contact::Way::call &&
           (contact.state == Contact::State::done || contact.status == "in-progress" ||
            contact.status == "answered");
}

}  // namespace

std::string_view to_string(What what) {
    switch (what) {
        case What::acknowledged:
            return "acknowledged";
        case What::passed_on:
            return "passed-on";
        case What::resolved:
            return "resolved";
        case What::already:
            return "already";
        case What::over:
            return "over";
    }
    return "";
}

Result<Obeyed> obey(store::Transaction& transaction, const policy::Policy& policy, const Incident& incident,
                    Command::Do command, const std::string& by, Time now) {
    const Change change = change_of(incident, command, by, now);
    if (!change.after) return Obeyed{unchanged(incident, change.what), incident};
    if (auto put = transaction.put_incident(*change.after); !put) return tl::unexpected(put.error());
    if (auto put = transaction.add_line({incident.number, std::string(to_string(change.what)),
                                         "by " + policy::person_text(policy, by), now});
        !put)
        return tl::unexpected(put.error());
    if (auto done = hasten(transaction, *change.after, now); !done) return tl::unexpected(done.error());
    return Obeyed{change.what, *change.after};
}

Result<void> put_changed(store::Transaction& transaction, const policy::Policy& policy, const Contact& before,
                         const Contact& contact, Time now) {
    if (auto put = transaction.put_contact(contact); !put) return put;
    if (contact.state == before.state && contact.status == before.status) return {};
    if (auto put = transaction.add_line(
            {contact.incident, std::string(policy::to_string(contact.way)), told_of(policy, contact), now});
        !put)
        return put;
    const auto incident = transaction.incident(contact.incident);
    if (!incident) return tl::unexpected(incident.error());
    if (!*incident) return {};
    const bool takes_it_on = (*incident)->acknowledge == policy::Acknowledge::answer && answered(contact);
    const bool untaken =
        (*incident)->state == Incident::State::open || (*incident)->state == Incident::State::exhausted;
    if (takes_it_on && untaken) {
        const auto obeyed =
            obey(transaction, policy, **incident, Command::Do::acknowledge, contact.member, now);
        if (!obeyed) return tl::unexpected(obeyed.error());
        return {};
    }
    return contact.over() ? hasten(transaction, **incident, now) : Result<void>();
}

Result<void> take_news(store::Transaction& transaction, const policy::Policy& policy, const Contact& contact,
                       const providers::PhoneNews& news, Time now) {
    const auto changed = providers::after(contact, news, now);
    if (!changed) return {};
    if (changed->state == Contact::State::barred) {
        const auto until = now + barred_for;
        if (auto put = transaction.bar(bar_key(contact.way, contact.number), changed->words, until); !put)
            return put;
    }
    return put_changed(transaction, policy, contact, *changed, now);
}

}  // namespace mailrota::runtime
