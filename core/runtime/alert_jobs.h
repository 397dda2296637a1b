#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"
#include "core/policy/incident.h"
#include "core/store/store.h"

namespace mailrota::runtime {

// The two kinds of job that carry an incident on. Both are worked at for a moment and put off until there is
// something to do: what they know stands in the store's incidents and contacts, never in the job alone.
inline constexpr std::string_view escalation_kind = "escalation";
inline constexpr std::string_view contact_kind = "contact";

// Asks policy::advance() what to do next. Its key names incident and escalation: an incident that escalates
// anew has a new one. Due at once; worse incidents go first.
store::Job escalation_job(const policy::Incident& incident, store::Time now);
// Makes one call or sends one SMS, and looks after it until it is over.
store::Job contact_job(const policy::Contact& contact, const policy::Incident& incident, store::Time now);

// What a write that works on incidents and no rota names to Store::write().
std::vector<std::string> incidents_only();

// What an escalation job is about.
struct Escalating {
    std::int64_t incident = 0;
    int escalation = 1;
};
Result<Escalating> read_escalation_job(std::string_view payload);

// Something has changed: the incident's escalation and its contacts that are not over, or have just ended,
// are due now.
Result<void> hasten(store::Transaction& transaction, const policy::Incident& incident, store::Time now);

}  // namespace mailrota::runtime
