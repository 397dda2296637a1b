#pragma once

#include <string>
#include <vector>

#include "core/config/toml_reader.h"

namespace mailrota::config {

// The addresses under `key`, a string or an array. What is no address or stands there twice is told and left
// out.
std::vector<Text> load_addresses(const Section& section, std::string_view key);

// The texts without their lines.
std::vector<std::string> plain(const std::vector<Text>& texts);

}  // namespace mailrota::config
