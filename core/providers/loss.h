#pragma once

#include <string>
#include <vector>

#include "core/providers/outgoing.h"

namespace mailrota::providers {

// Adds a loss that is not among them yet.
void add_loss(std::vector<Loss>& losses, Loss::Kind kind, std::string text);

// True if the mail would break.
bool breaks(const std::vector<Loss>& losses);

}  // namespace mailrota::providers
