#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/wire/handout.h"
#include "core/wire/smtp_client.h"
#include "ctl/pull_options.h"

namespace mailrota::ctl {

// What came of handing one mail on.
struct HandedOn {
    std::vector<wire::Acknowledgement::Result> results;  // one for each recipient
    bool away = false;  // the mail server here took nothing at all: it makes no sense to go on now
};

// Gives pulled mails to the mail server here.
class HandOn {
  public:
    virtual ~HandOn() = default;
    // Blocks, minutes at most.
    virtual HandedOn deliver(const wire::HandedMail& mail, const std::string& bytes) = 0;
};

// The implementation for it, for the life of the command.
std::unique_ptr<HandOn> make_hand_on(const DeliverTo& to);

// The mail as an SMTP client sends it. What the server on the other end of the pull says is not trusted:
// parameters that could not stand in a command are left out. References `bytes`.
wire::OutgoingMail outgoing(const wire::HandedMail& mail, const std::string& bytes);
// Whether the address may stand in a command and in sendmail's arguments: no controls, blanks, or brackets,
// and not too long. The null address is usable as a sender only.
bool is_usable_address(const std::string& address);

// The results in the hand-out's terms: delivered for done, failed for failed, else deferred; replies cut at
// 1,000 bytes.
HandedOn handed_on(const wire::HandedMail& mail, const std::vector<wire::SmtpResult>& results);

}  // namespace mailrota::ctl
