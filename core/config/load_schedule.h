#pragma once

#include "core/config/toml_reader.h"
#include "core/policy/rota.h"

namespace mailrota::config {

// The calendar of a rota whose strategy is schedule; of any other, its keys are told as errors. The members
// are read already.
void load_schedule(const Section& section, const policy::Zone& zone, policy::Rota& rota);

}  // namespace mailrota::config
