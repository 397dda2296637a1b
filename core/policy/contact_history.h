#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/policy/escalation.h"

namespace mailrota::policy {

// The number of a member that a way leads to.
const std::string& number_of(const Member& member, ContactWay way);

// A contact of the try that is going on, still without id and times.
Contact contact_with(const Incident& incident, const Member& member, ContactWay way);

// What an incident's contacts say of the try that is going on. Internal to the escalation. Refers to the
// incident and the contacts' owner.
class ContactHistory {
  public:
    ContactHistory(const Incident& incident, const std::vector<Contact>& contacts, const OnCall& on_call)
        : incident_(incident), on_call_(on_call), contacts_(contacts) {}

    void add(Contact contact) { contacts_.push_back(std::move(contact)); }

    // Whether some way of the member's is not barred.
    bool reachable(const Member& member) const;
    // Who answered a call of this escalation.
    std::optional<std::string> answered_by() const;

    // How far a member has come in this try.
    struct Standing {
        std::optional<ContactWay> next;  // to be begun now
        std::optional<Instant> later;    // when to look again for the next one
        bool through = false;            // nothing is under way and no way is left
    };
    Standing standing(const Member& member, std::chrono::seconds pause, Instant now) const;
    // When the last contact of this try ended, if they are all over and reached nobody.
    std::optional<Instant> ended_in_vain() const;

  private:
    bool of_this_try(const Contact& contact) const;
    bool barred(ContactWay way, const std::string& number) const;
    bool busy(ContactWay way, const std::string& number) const;

    const Incident& incident_;
    const OnCall& on_call_;
    std::vector<Contact> contacts_;
};

}  // namespace mailrota::policy
