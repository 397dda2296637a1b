#pragma once

#include <string>
#include <string_view>

#include "core/policy/policy.h"
#include "core/providers/twiml.h"
#include "core/runtime/incident_news.h"

// What whoever is called, or writes, is answered.
namespace mailrota::web {

// What a command came to, in a sentence. `taken_by`: of already, the name of somebody else who has taken it
// on; empty: it was the same person.
std::string sentence(const providers::Phrases& phrases, runtime::Obeyed::What what,
                     std::string_view taken_by);

// The name of who has taken it on; empty: nobody, or whoever this contact is to.
std::string taken_by(const policy::Policy& policy, const policy::Incident& incident,
                     const policy::Contact& contact);

}  // namespace mailrota::web
