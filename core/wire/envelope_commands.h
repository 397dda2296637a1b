#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/wire/server_features.h"
#include "core/wire/smtp_client.h"

namespace mailrota::wire {

// The commands of a transaction as they are sent to a server with these features: a parameter that belongs to
// an extension is left out where the server does not announce it, or if it could not stand on the line. Each
// appends one line with CRLF.
void append_mail(std::string& out, const OutgoingMail& mail, const ServerFeatures& features);
void append_recipient(std::string& out, const OutgoingMail::Recipient& recipient,
                      const ServerFeatures& features);
// "[UNAVAILABLE]" for an empty identity: the server keeps what it was told before.
void append_identity(std::string& out, const std::string& identity);

// Why a server with these features cannot be asked to take the mail at all, or this recipient: its size, or
// an address that would need SMTPUTF8 (RFC 6531 section 3.5), or one that cannot stand on a line.
std::optional<Reply> objection(const OutgoingMail& mail, const ServerFeatures& features);
std::optional<Reply> objection(const OutgoingMail::Recipient& recipient, const ServerFeatures& features);

}  // namespace mailrota::wire
