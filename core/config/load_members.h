#pragma once

#include <optional>
#include <vector>

#include "core/config/toml_reader.h"
#include "core/policy/rota.h"

namespace mailrota::config {

// The zone under `key`; nothing if there is none or it is not known, which is told.
std::optional<policy::Zone> load_zone(const Section& section, std::string_view key);

// What a member's table says of when the member is there, and of its share of the turns. `zone` is the
// rota's.
policy::Member load_presence(const Section& member, const policy::Zone& zone);

// Tells a rota that has both `members` and [[rota.NAME.member]].
void check_member_forms(const Section& rota);

// The members of a rota of people, from either. `zone` is the rota's. `places` gets each member's address
// with its line, in the same order. `providers` are the names of those: no members here.
std::vector<policy::Member> load_members(const Section& rota, const policy::Zone& zone,
                                         const std::vector<std::string>& providers,
                                         std::vector<Text>& places);

}  // namespace mailrota::config
