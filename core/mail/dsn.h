#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/message.h"

namespace mailrota::mail {

// What became of one recipient, for a delivery status notification (RFC 3464 section 2.3).
struct DsnRecipient {
    enum class Action { failed, delayed, delivered, relayed, expanded };

    std::string final_recipient;     // "ann@example.com"
    std::string original_recipient;  // ORCPT as received, "rfc822;orders@example.com"; empty if unknown
    Action action = Action::failed;
    std::string status;      // "5.1.1"
    std::string diagnostic;  // the other side's reply, "550 5.1.1 no such user"; empty if there was none
    std::string remote_mta;  // host name or "puller of box web"; empty if none
};

// A notification in the making. RFC 3461, 3462, 3464.
struct Dsn {
    std::string to;             // the sender of the mail that is told of; never empty
    std::string reporting_mta;  // our host name
    std::string envelope_id;    // ENVID as received (xtext decoded); empty if there was none
    std::chrono::sys_seconds arrived{};
    std::chrono::sys_seconds now{};
    std::string id;             // unique: of the Message-ID and the MIME boundary
    bool full_content = false;  // RET=FULL: the mail is returned whole, else its header only
    std::vector<DsnRecipient> recipients;
};

// The whole notification as it is sent (CRLF), from MAILER-DAEMON at the reporting host, multipart/report
// with a text for people, message/delivery-status and the returned mail or its header (cut at 64 KB; a whole
// mail over 256 KB comes back as its header). Auto-Submitted: auto-replied. Its envelope sender is the null
// address. No header of the mail can break out of its part. The delivery status is ASCII: an address that is
// not is written as RFC 6533 has it for 7-bit parts ("utf-8; j\x{F6}rg@…"), so that every reader takes it;
// what else is not ASCII makes its part, and the whole, 8bit. `returned` is made by Message::from_bytes.
// Pure.
std::string to_message(const Dsn& dsn, const Message& returned);

// Whether a mail of this envelope sender may be answered by a notification: not one of the null sender, which
// notifications have, nor of MAILER-DAEMON.
bool may_be_notified(std::string_view sender);

// Which notifications a recipient asks for by its NOTIFY parameter (RFC 3461 section 4.1); without one:
// failure and delay.
struct Notify {
    bool success = false;
    bool failure = true;
    bool delay = true;
};
Notify parse_notify(std::optional<std::string_view> parameter);

}  // namespace mailrota::mail
