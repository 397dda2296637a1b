#pragma once

#include <string>
#include <vector>

#include "core/providers/outgoing.h"
#include "core/runtime/relay_choice.h"
#include "core/store/suppressions.h"
#include "core/wire/reply.h"

namespace mailrota::runtime {

// What the client is told of a relayed mail. Pure; what providers say is cut, and cleaned to one line.

// "250 2.0.0 accepted by sendgrid as <id>"
wire::Reply reply_of_acceptance(const std::string& provider, const std::string& provider_id);
// "550 5.1.1 sendgrid: no such user": for good
wire::Reply reply_of_refusal(const std::string& provider, const providers::RecipientAnswer& answer);
// "451 4.1.2 sendgrid: domain not found": this recipient, for now
wire::Reply reply_of_deferral(const std::string& provider, const providers::RecipientAnswer& answer);
// 451 4.4.2: nobody knows whether the provider has it
wire::Reply reply_of_doubt(const std::string& provider);
// 550 5.7.1: he is on the suppression list
wire::Reply reply_of_suppression(const store::Suppression& suppression);
// No contender could be chosen: 451 4.4.1 if one of them may take it later; else it is refused: it is too
// large (552 5.3.4), has no sender or would break (554 5.6.0), with what each of them says.
wire::Reply reply_of_nobody(const std::string& rota, const std::vector<Contender>& contenders);

// One line of valid UTF-8 without control characters.
std::string one_line(std::string_view words);

}  // namespace mailrota::runtime
