#pragma once

#include <vector>

#include "core/providers/outgoing.h"
#include "core/runtime/relay.h"
#include "core/wire/smtp_client.h"

namespace mailrota::runtime {

// What a transaction with a provider's SMTP host means, by outcome classes: one for each result, same order.
// Not logged in, or not allowed to send: configuration; 5yz to MAIL by the sender's domain, to RCPT by the
// recipient, to the data by the mail; 4yz and no connection: temporary; silence after the data: uncertain.
// Pure.
providers::Answer answer_of(const std::vector<wire::SmtpResult>& results);

// What became of a relayed recipient, in the words of those who deliver.
wire::SmtpResult smtp_result(const Carried& carried);

// The endpoint of a provider with Transport::smtp, with its login.
config::Endpoint smtp_host(const Carrier& carrier);

}  // namespace mailrota::runtime
