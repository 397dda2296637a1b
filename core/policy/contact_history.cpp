#include "core/policy/contact_history.h"

#include <algorithm>

namespace mailrota::policy {
namespace {

using State = Contact::State;

// It went out and nothing says that it failed.
bool went_out(const Contact& contact) { return contact.state <= State::done; }

// Another call to the number would meet this one; another SMS would say the same before this one went out.
bool in_the_way(const Contact& contact) {
    return contact.way == ContactWay::call ? !contact.over() : contact.state <= State::begun;
}

}  // namespace

const std::string& number_of(const Member& member, ContactWay way) {
    return way == ContactWay::sms && !member.sms.empty() ? member.sms : member.target;
}

Contact contact_with(const Incident& incident, const Member& member, ContactWay way) {
    Contact contact;
    contact.incident = incident.number;
    contact.escalation = incident.escalations;
    contact.attempt = incident.progress.attempt;
    contact.way = way;
    contact.member = member.id;
    contact.number = number_of(member, way);
    contact.language = member.language;
    contact.voice = member.voice;
    return contact;
}

bool ContactHistory::reachable(const Member& member) const {
    return member.kind == Member::Kind::phone && std::ranges::any_of(member.ways, [&](ContactWay way) {
               return !barred(way, number_of(member, way));
           });
}

std::optional<std::string> ContactHistory::answered_by() const {
    for (const auto& contact : contacts_)
        if (contact.way == ContactWay::call && contact.state == State::done &&
            contact.escalation == incident_.escalations)
            return contact.member;
    return std::nullopt;
}

ContactHistory::Standing ContactHistory::standing(const Member& member, std::chrono::seconds pause,
                                                  Instant now) const {
    std::vector<ContactWay> used;
    for (const auto& contact : contacts_) {
        if (!of_this_try(contact) || contact.member != member.id) continue;
        used.push_back(contact.way);
        if (contact.way == ContactWay::call && !contact.over()) return {};
        const auto until = contact.made + pause;
        if (contact.way == ContactWay::sms && went_out(contact) && now < until) return {{}, until, false};
    }
    Standing standing{{}, {}, true};
    for (const auto way : member.ways) {
        const auto& number = number_of(member, way);
        if (std::ranges::find(used, way) != used.end() || barred(way, number)) continue;
        standing.through = false;
        if (busy(way, number)) continue;
        standing.next = way;
        return standing;
    }
    return standing;
}

std::optional<Instant> ContactHistory::ended_in_vain() const {
    std::optional<Instant> last;
    for (const auto& contact : contacts_) {
        if (!of_this_try(contact)) continue;
        if (!contact.over() || contact.state == State::done) return std::nullopt;
        last = std::max({last.value_or(contact.made), contact.made, contact.ended});
    }
    return last;
}

bool ContactHistory::of_this_try(const Contact& contact) const {
    return contact.escalation == incident_.escalations && contact.attempt == incident_.progress.attempt;
}

bool ContactHistory::barred(ContactWay way, const std::string& number) const {
    return on_call_.barred.contains({way, number}) ||
           std::ranges::any_of(contacts_, [&](const Contact& contact) {
               return contact.state == State::barred && contact.way == way && contact.number == number &&
                      contact.escalation == incident_.escalations;
           });
}

bool ContactHistory::busy(ContactWay way, const std::string& number) const {
    return std::ranges::any_of(contacts_, [&](const Contact& contact) {
        return contact.way == way && contact.number == number && in_the_way(contact);
    });
}

}  // namespace mailrota::policy
