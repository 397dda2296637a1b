#pragma once

#include <vector>

#include "tests/fakes/twiml.h"

namespace mailrota::fakes {

/// Takes out verbs that there are not, and tells what is wrong with the others.
void check_verbs(std::vector<Verb>& verbs, std::vector<TwimlFault>& faults);

}  // namespace mailrota::fakes
