#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/mail/message.h"
#include "core/mail/result.h"

namespace mailrota::runtime {

// What has to be remembered of a mail that a provider has taken, so that its sender can be notified when it
// bounces later: kept among the store's bytes under relayed_mail_name(), as long as the mail's journal. Pure.
struct RelayedMail {
    struct Recipient {
        std::string address;
        std::vector<std::string> parameters;  // of RCPT: NOTIFY, ORCPT
        bool operator==(const Recipient&) const = default;
    };

    std::vector<std::string> sender_parameters;  // RET, ENVID
    std::vector<Recipient> recipients;           // those with parameters; the others ask for nothing special
    std::string header;                          // of the mail, with its empty line, at most 64 KB

    // The parameters of an address (case-folded as mail::Address does); none if it is not there.
    std::vector<std::string> parameters_of(std::string_view address) const;
    bool operator==(const RelayedMail&) const = default;
};

// The store forgets what has this name with the mail.
std::string relayed_mail_name(std::string_view mail_id);
// The header of a message made by Message::from_bytes, cut at a field's end where it is longer.
std::string returned_header(const mail::Message& message);

std::string to_json(const RelayedMail& mail);
Result<RelayedMail> read_relayed_mail(std::string_view json);

}  // namespace mailrota::runtime
