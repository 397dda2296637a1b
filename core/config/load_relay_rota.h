#pragma once

#include "core/config/draft.h"

namespace mailrota::config {

// Whether a [rota.NAME] is one of providers: some member of it is one.
bool has_providers(const Section& rota);

// Reads such a rota. What has a meaning only where people are the members is told. `draft` has the providers.
RelayRotaDraft load_relay_rota(const std::string& name, const Section& rota, const Draft& draft);

// The keys that only such a rota has, in any other.
void refuse_relay_keys(const Section& rota);

}  // namespace mailrota::config
