#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "core/mail/parts.h"

namespace mailrota::mail {

inline void add_loss(Parts& parts, bool shape, std::string text) {
    constexpr std::size_t most_losses = 50;
    Parts::Loss loss{shape, std::move(text)};
    const bool told = std::ranges::find(parts.losses, loss) != parts.losses.end();
    if (!told && (shape || parts.losses.size() < most_losses)) parts.losses.push_back(std::move(loss));
}

inline void lose_shape(Parts& parts, std::string text) { add_loss(parts, true, std::move(text)); }

inline void lose_detail(Parts& parts, std::string text) { add_loss(parts, false, std::move(text)); }

}  // namespace mailrota::mail
