#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/box_settings.h"
#include "core/config/toml_reader.h"

namespace mailrota::config {

// Reads { file = "…" }, { credential = "…" } or { env = "…" } for the key `key` of `section`. A secret that
// is written here itself is told as an error, and is never a part of what is told. `file` is the
// configuration's name.
std::optional<SecretSource> read_secret(const Section& section, std::string_view key, const toml::node& node,
                                        const std::string& file);
// The same for a key that may be missing.
std::optional<SecretSource> load_secret(const Section& section, std::string_view key,
                                        const std::string& file);
// The one under `one`, and those of the array (or the single one) under `several`.
std::vector<SecretSource> load_secrets(const Section& section, std::string_view one, std::string_view several,
                                       const std::string& file);
// The tables under `users`: name and password of each.
std::vector<BoxSettings::User> load_users(const Section& section, const std::string& file);

}  // namespace mailrota::config
