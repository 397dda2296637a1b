#pragma once

#include <memory>

#include "core/providers/dialect.h"

namespace mailrota::providers {

// Postmark, POST /email of https://postmarkapp.com/developer: pieces in JSON. Our id is metadata, by which a
// lost answer is looked up among the outbound messages; those appear there after a while.
std::unique_ptr<Dialect> make_postmark(const config::ProviderSettings& settings, Keys keys);

}  // namespace mailrota::providers
