#pragma once

#include <memory>
#include <string>

#include "core/config/config.h"
#include "core/mail/keys.h"
#include "core/runtime/contact_kind.h"

namespace mailrota::runtime {

// Where the fallback of an incident is told.
struct FallbackTerms {
    config::WorkerSettings worker;
    std::string hostname;
    mail::TraceSecret secret;
};

// The kind of job that carries an incident's escalation on: each attempt is one transaction, which asks
// policy::advance() what to do, writes the contacts and their jobs, the incident, and the turns of rotas, and
// is put off until the next thing is due. So every step is made once, whichever worker makes it.
JobKind escalation_kind_on(AlertServices services, FallbackTerms terms);

}  // namespace mailrota::runtime
