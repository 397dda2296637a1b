#pragma once

#include <memory>

#include "core/providers/dialect.h"

namespace mailrota::providers {

// Mailgun, https://documentation.mailgun.com: messages.mime carries the bytes as they are in a multipart
// form. Everything else it takes for recipients is left out: only `to` counts.
//
// A lost answer is looked up among the accepted events around that time, whose user variables hold our id. It
// has one page of 300; a domain's sending key may not read them.
std::unique_ptr<Dialect> make_mailgun(const config::ProviderSettings& settings, Keys keys);

}  // namespace mailrota::providers
