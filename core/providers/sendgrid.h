#pragma once

#include <memory>

#include "core/providers/dialect.h"

namespace mailrota::providers {

// SendGrid, POST /v3/mail/send of https://www.twilio.com/docs/sendgrid: pieces in JSON. Our id is a custom
// argument, which comes back with the events. It has no key against doubled requests, and its search of past
// mail is a licence of its own, so a lost answer cannot be looked up.
std::unique_ptr<Dialect> make_sendgrid(const config::ProviderSettings& settings, Keys keys);

}  // namespace mailrota::providers
