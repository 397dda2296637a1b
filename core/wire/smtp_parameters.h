#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/wire/smtp_command.h"

namespace mailrota::wire {

// Which parameters of MAIL and RCPT go beyond what is always understood (SIZE, BODY, SMTPUTF8).
struct SmtpParameterRules {
    bool dsn = false;   // RET and ENVID, NOTIFY and ORCPT (RFC 3461)
    bool auth = false;  // AUTH=… (RFC 4954)
    std::uint64_t max_size = 0;
};

// What the parameters of MAIL mean to the server itself.
struct SmtpSenderFacts {
    bool smtputf8 = false;
    std::uint64_t size = 0;  // as the client declares it; 0: it does not
};

// At most 20, NAME or NAME=VALUE each, printable, every name once.
bool are_parameters(const std::vector<std::string>& parameters);

// Both take what are_parameters() said yes to. Else the reply: 555 5.5.4 for what is not understood, 501
// 5.5.4 for a bad value, 552 5.3.4 for a SIZE that is too big.
Understood<SmtpSenderFacts> read_sender_parameters(const std::vector<std::string>& parameters,
                                                   const SmtpParameterRules& rules);
std::optional<std::string_view> object_to_recipient_parameters(const std::vector<std::string>& parameters,
                                                               const SmtpParameterRules& rules);

// At most 20 decimal digits; a number beyond 64 bits is the largest one.
std::optional<std::uint64_t> parse_number(std::string_view digits);

}  // namespace mailrota::wire
