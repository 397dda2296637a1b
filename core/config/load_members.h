#pragma once

#include <optional>
#include <vector>

#include "core/config/toml_reader.h"
#include "core/policy/rota.h"

namespace mailrota::config {

// The zone under `key`; nothing if there is none or it is not known, which is told.
std::optional<policy::Zone> load_zone(const Section& section, std::string_view key);

// The members of a rota, from `members` or [[rota.NAME.member]]. `zone` is the rota's. `places` gets each
// member's address with its line, in the same order.
std::vector<policy::Member> load_members(const Section& rota, const policy::Zone& zone,
                                         std::vector<Text>& places);

}  // namespace mailrota::config
