#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/config/toml_reader.h"
#include "core/policy/rota.h"

namespace mailrota::config {

// "09:30" as minutes after midnight.
std::optional<std::chrono::minutes> parse_clock(std::string_view text);

// `strategy`; round-robin if it is not written.
policy::Strategy load_strategy(const Section& section);

// The calendar of a rota whose strategy is schedule; of any other, its keys are told as errors. The members
// are read already.
void load_schedule(const Section& section, const policy::Zone& zone, policy::Rota& rota);

}  // namespace mailrota::config
