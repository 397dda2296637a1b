#pragma once

#include <memory>

#include "core/providers/dialect.h"

namespace mailrota::providers {

// Mandrill (Mailchimp Transactional), https://mailchimp.com/developer/transactional/api/: messages/send-raw
// carries the mail as a JSON string and answers for each recipient, as long as they are no more than ten.
//
// A lost answer is looked up by messages/search, which finds our id only if "mailrota_id" is among the
// account's custom metadata fields; so what is not found is unknown, never absent.
std::unique_ptr<Dialect> make_mandrill(const config::ProviderSettings& settings, Keys keys);

}  // namespace mailrota::providers
