#pragma once

#include <string>
#include <string_view>

#include "core/mail/address.h"

namespace mailrota::mail {

// What one mail as it was offered is known by in journal and spool: 32 hexadecimal digits, a digest of the
// envelope sender and all bytes, the MTA's Received included, so that two equal mails never merge while the
// same mail offered again is found again. Pure.
std::string mail_id(const Address& sender, std::string_view bytes);

// The same for one recipient of it: what the journal keeps effects by. Recipients are told apart by
// Address::key(), so that an address which stands twice in an envelope is one.
std::string offer_key(std::string_view mail_id, const Address& recipient);

}  // namespace mailrota::mail
