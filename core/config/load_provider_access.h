#pragma once

#include <string>

#include "core/config/provider_settings.h"
#include "core/config/toml_reader.h"

namespace mailrota::config {

// How a provider is reached, and as whom. Kind, transport, region and domain of `provider` are read already;
// `file` is the configuration's name. What is wrong, missing, or of the other transport, is told.
void load_http_access(const Section& section, const std::string& file, ProviderSettings& provider);
void load_smtp_access(const Section& section, const std::string& file, ProviderSettings& provider);

// A URL under `key` that secrets and mails may go to: https://, or http:// to this machine. Empty if it is
// not written or wrong.
std::string load_safe_url(const Section& section, std::string_view key);
// `base_url`, which paths are written behind, likewise; `fallback` if it is not written or wrong.
std::string load_base_url(const Section& section, const std::string& fallback);
// `proxy`; empty if it is not written or no URL.
std::string load_proxy(const Section& section);

}  // namespace mailrota::config
