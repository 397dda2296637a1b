#pragma once

#include <memory>

#include "core/providers/dialect.h"

namespace mailrota::providers {

// Resend, POST /emails of https://resend.com/docs: pieces in JSON. Our id is a tag, and the key by which the
// same request is sent once within a day; so a lost answer is asked for by the same request.
std::unique_ptr<Dialect> make_resend(const config::ProviderSettings& settings, Keys keys);

}  // namespace mailrota::providers
