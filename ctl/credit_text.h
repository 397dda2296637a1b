#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "core/policy/rota.h"

namespace mailrota::ctl {

// A credit in turns: "+0.50", "-0.67", "0.00".
inline std::string credit_text(std::int64_t credit) {
    const double turns = static_cast<double>(credit) / static_cast<double>(policy::credit_unit);
    const std::string text = fmt::format("{:+.2f}", turns);
    return text == "+0.00" || text == "-0.00" ? "0.00" : text;
}

}  // namespace mailrota::ctl
