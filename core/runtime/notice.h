#pragma once

#include <string>
#include <vector>

#include "core/mail/dsn.h"
#include "core/wire/reply.h"

namespace mailrota::runtime {

// What is needed of a mail to notify its sender.
struct Noticed {
    std::string sender;
    std::vector<std::string> sender_parameters;  // RET=…, ENVID=…, as received
    std::string hostname;                        // ours
    std::chrono::sys_seconds arrived{};
};

// A notification without recipients yet. Pure, as all here.
mail::Dsn notice_about(const Noticed& mail, std::chrono::sys_seconds now);

// Who is told of: `address` as it was tried last, `original` as it was offered to us with these parameters of
// its RCPT. Without an enhanced code the status is x.0.0.
mail::DsnRecipient noticed(std::string address, const std::string& original,
                           const std::vector<std::string>& parameters, mail::DsnRecipient::Action action,
                           const wire::Reply& reply, std::string remote_mta);

// What the parameters of a RCPT ask for.
mail::Notify notify_of(const std::vector<std::string>& parameters);

}  // namespace mailrota::runtime
