#pragma once

#include <libmilter/mfapi.h>

#include <string>
#include <vector>

#include "milter/edits.h"

namespace mailrota::milter {

// Makes `reply` the answer to the command in progress and returns what the callback has to return for it.
sfsistat answer_with(SMFICTX* context, const policy::Reply& reply);

// Sends the burst; only within xxfi_eom, with no progress on its way. Empty if all of it went out, else what
// did not.
std::string send_edits(SMFICTX* context, const std::vector<Edit>& edits);

}  // namespace mailrota::milter
