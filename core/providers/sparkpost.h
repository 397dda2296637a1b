#pragma once

#include <memory>

#include "core/providers/dialect.h"

namespace mailrota::providers {

// SparkPost, https://developers.sparkpost.com/api/: transmissions carry the mail as a JSON string. Its
// template engine reads the mail's header whatever the options say. The idempotency key is our id: the same
// request twice within a day is one transmission.
std::unique_ptr<Dialect> make_sparkpost(const config::ProviderSettings& settings, Keys keys);

}  // namespace mailrota::providers
