#pragma once

#include <optional>
#include <string>

#include "core/config/box_settings.h"
#include "core/config/toml_reader.h"

namespace mailrota::config {

// Reads { file = "…" }, { credential = "…" } or { env = "…" } for the key `key` of `section`. A secret that
// is written here itself is told as an error, and is never a part of what is told. `file` is the
// configuration's name.
std::optional<SecretSource> read_secret(const Section& section, std::string_view key, const toml::node& node,
                                        const std::string& file);

}  // namespace mailrota::config
