#pragma once

#include <string>

#include "core/config/provider_settings.h"
#include "core/config/toml_reader.h"

namespace mailrota::config {

// [provider.NAME.webhook] of a provider of this kind. `file` is the configuration's name. A webhook that
// believes everybody is told as an error.
WebhookSettings load_webhook(const Section& section, ProviderSettings::Kind kind, const std::string& file);

}  // namespace mailrota::config
