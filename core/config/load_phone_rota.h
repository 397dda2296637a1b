#pragma once

#include <string>

#include "core/config/draft.h"

namespace mailrota::config {

// Whether a member of the rota is a telephone: then all must be.
bool has_phones(const Section& rota);

// Reads a rota of telephones.
RotaDraft load_phone_rota(const std::string& name, const Section& rota);

// Tells what only a telephone has, in a member that is none, as being of no use.
void refuse_phone_keys(const Section& member);

}  // namespace mailrota::config
