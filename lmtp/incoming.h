#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/mail/mail.h"
#include "core/wire/smtp_server.h"

namespace mailrota::lmtp {

// What is known of a mail that came, beside what the client said of it.
struct Arrival {
    mail::Origin origin;
    std::chrono::sys_seconds at{};
    std::string offer;  // unique for each mail that comes: session id and number
    mail::DecodeLimits limits;
    std::string received_header;  // put in front of the message; may be empty
};

// A mail as it came in.
struct Incoming {
    mail::Mail mail;
    std::string mail_id;  // of the bytes as they came; unique where an equal mail could not be told apart
    std::size_t received = 0;  // Received headers that it came with
};

// Makes the mail of what the client sent; the bytes are moved, not copied. A mail with a Received or a
// Message-ID is found again when it is offered again; one that has neither is new at every offer. Pure.
Incoming make_incoming(wire::MessageReceived received, Arrival arrival);

// How the client said hello.
struct Greeting {
    bool extended = true;  // EHLO; false: HELO
    bool over_tls = false;
};

// Our Received header for a mail that came by SMTP (RFC 5321 section 4.4), with its CRLF. Its protocol is
// SMTP after HELO, ESMTP or, for a mail that asks for SMTPUTF8, UTF8SMTP after EHLO, with S for TLS and A for
// a login (RFC 3848, RFC 6531 section 4.3). Pure.
std::string received_header(const mail::Envelope& envelope, const Greeting& greeting,
                            std::string_view hostname, std::string_view id, std::chrono::sys_seconds at);

}  // namespace mailrota::lmtp
