#pragma once

#include <memory>

#include "core/providers/dialect.h"

namespace mailrota::providers {

// Amazon SES, API v2, https://docs.aws.amazon.com/ses/latest/APIReference-V2/: SendEmail with raw content in
// base64, 7-bit inside. SES writes Message-ID and Date anew. It can neither be asked for a mail by our id nor
// recognise a second one.
std::unique_ptr<Dialect> make_ses(const config::ProviderSettings& settings, Keys keys);

}  // namespace mailrota::providers
