#pragma once

#include <string>
#include <vector>

#include "core/policy/incident.h"
#include "core/runtime/deliver_job.h"
#include "core/runtime/escalation_kind.h"

namespace mailrota::runtime {

// The mail that tells an alert's fallback that nobody was reached: a job that submits it, known by the
// incident and its escalation, so that it is written once. It carries a trace that keeps it from raising
// alerts itself. `told`: the incident's story. Nothing without addresses. Pure.
std::optional<NewJob> incident_notice(const policy::Incident& incident,
                                      const std::vector<std::string>& addresses,
                                      const std::vector<store::IncidentLine>& told,
                                      const FallbackTerms& terms, store::Time now);

}  // namespace mailrota::runtime
