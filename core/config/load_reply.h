#pragma once

#include <string>
#include <vector>

#include "core/config/toml_reader.h"
#include "core/policy/rule.h"

namespace mailrota::config {

// A text with {names} in it; empty after an error.
std::string load_template(const Section& section, std::string_view key,
                          const std::vector<std::string>& captures);

// What is written beside "reject" or "defer" (`key`): a text, or a table of code, enhanced and text.
policy::Reply load_reply(const Section& section, std::string_view key,
                         const std::vector<std::string>& captures);

}  // namespace mailrota::config
