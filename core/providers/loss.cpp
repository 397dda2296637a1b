#include "core/providers/loss.h"

#include <algorithm>

namespace mailrota::providers {

void add_loss(std::vector<Loss>& losses, Loss::Kind kind, std::string text) {
    constexpr std::size_t most_details = 50;
    Loss loss{kind, std::move(text)};
    const bool told = std::ranges::find(losses, loss) != losses.end();
    const bool room = kind == Loss::Kind::shape || losses.size() < most_details;
    if (!told && room) losses.push_back(std::move(loss));
}

bool breaks(const std::vector<Loss>& losses) {
    return std::ranges::any_of(losses, [](const Loss& loss) { return loss.kind == Loss::Kind::shape; });
}

}  // namespace mailrota::providers
