#pragma once

#include <string>

#include "core/providers/dialect.h"

namespace mailrota::providers {

// Values of the header fields that steer a provider's SMTP host, where they are more than a word: JSON in
// ASCII on one line without blanks, so that no folding can cut it.
std::string sendgrid_smtpapi(const Outgoing& mail);
std::string sparkpost_msys_api(const Outgoing& mail);

// {"mailrota_id":"…"}: how all raw providers are told our id.
std::string id_json(const Outgoing& mail);

}  // namespace mailrota::providers
