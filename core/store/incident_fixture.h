#pragma once

#include "core/store/mail_fixture.h"

// Incidents and contacts that only a test would write.
namespace mailrota::store {

// Opened at 1000, until 9000.
inline policy::Incident some_incident(std::string alert, std::string key) {
    policy::Incident incident;
    incident.alert = std::move(alert);
    incident.key = std::move(key);
    incident.say = "The mill stands still.";
    incident.opened = incident.changed = at(1000);
    incident.until = at(9000);
    return incident;
}

// A call to +15550100 that was made at 1000 and waits.
inline policy::Contact some_contact(std::string id, std::int64_t incident, std::int64_t made = 1000) {
    policy::Contact contact;
    contact.id = std::move(id);
    contact.incident = incident;
    contact.member = "ann";
    contact.number = "+15550100";
    contact.made = at(made);
    return contact;
}

// The contact as its request went out.
inline policy::Contact begun(policy::Contact contact, std::int64_t when,
                             policy::Contact::State state = policy::Contact::State::begun) {
    contact.state = state;
    contact.account = "AC1";
    contact.begun = at(when);
    return contact;
}

inline std::int64_t open(Store& store, const policy::Incident& incident) {
    return change(store, [&](Transaction& t) { return t.open_incident(incident); });
}
inline void put(Store& store, const policy::Incident& incident) {
    succeed(
        store.write({std::string(incidents_lock)}, [&](Transaction& t) { return t.put_incident(incident); }));
}
inline void put(Store& store, const policy::Contact& contact) {
    succeed(
        store.write({std::string(incidents_lock)}, [&](Transaction& t) { return t.put_contact(contact); }));
}
inline std::optional<policy::Incident> incident_of(Store& store, std::int64_t number) {
    return ask(store, [&](Transaction& t) { return t.incident(number); });
}
inline std::optional<policy::Contact> contact_of(Store& store, std::string_view id) {
    return ask(store, [&](Transaction& t) { return t.contact(id); });
}

}  // namespace mailrota::store
