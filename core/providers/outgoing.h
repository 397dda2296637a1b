#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/header_edit.h"
#include "core/mail/message.h"
#include "core/providers/http.h"

namespace mailrota::providers {

// A mail on its way to one provider in one call. A value; the same for every try.
struct Outgoing {
    mail::Message
        message;         // made by Message::from_bytes from relayed_bytes(): CRLF, no Bcc, no control headers
    std::string sender;  // of the envelope, without brackets; empty: the null sender
    std::vector<std::string> recipients;  // of the envelope, each once (case-folded); at least one
    std::string id;                       // ours, 32 hexadecimal digits: correlation and idempotency key
    bool tracking = false;
};

// The mail's bytes as every provider may get them: CRLF line ends; without Bcc and Resent-Bcc, without the
// header fields by which a mail could steer a provider (X-MC-*, X-Mailgun-*, X-SES-*, X-SMTPAPI, X-PM-*,
// X-MSYS-API, X-MJ-*, X-Mailjet-*, X-Mailin-*, Resend-*; X-Entity-Ref-ID stays) and without our own trace.
// Header and body are parted by an empty line, and a lone CR in the header is a blank, so that nobody reads
// fields where we read none. Everything else stays byte for byte. Pure.
std::string relayed_bytes(const mail::Message& message);
// The same as edits.
const std::vector<mail::HeaderEdit>& control_header_removals();

// What of a mail a transport would not carry as it is.
struct Loss {
    enum class Kind {
        shape,   // signed, encrypted, DSN, attached message, calendar, several text parts: the mail breaks
        detail,  // a DKIM signature, a charset, a header that the provider does not take: most readers see
                 // none
    };
    Kind kind = Kind::shape;
    std::string text;  // "multipart/signed would lose its signature"

    bool operator==(const Loss&) const = default;
};

// What a provider's transport can do.
struct Traits {
    bool raw = false;  // takes the whole mail; else it is taken apart into JSON
    bool null_sender = false;
    bool keeps_envelope_sender = false;  // else bounces go to the provider's own address
    bool keeps_message_id = false;
    bool keeps_dkim = false;
    bool idempotent = false;              // the same request twice with the same id is sent once
    bool looks_up = false;                // can be asked for a mail by our id
    std::chrono::seconds look_up_lag{0};  // that old must a call be for its "absent" to be believed
    bool tracking_switch = false;         // tracking can be turned on and off for each mail
    std::size_t max_recipients = 0;       // of one call
    std::uint64_t max_size = 0;           // bytes of the mail
};

// What a call came to for one recipient, or for all.
struct RecipientAnswer {
    enum class Kind {
        accepted,
        bad_message,       // for good, whoever carries it (PM)
        bad_message_here,  // this provider will not have it, another may: too large, a forbidden attachment
        bad_recipient,     // for good (PR): also one that the provider suppresses; never tried elsewhere
        later,          // not this recipient now: nothing against mail or provider, the MTA offers it again
        unsent,         // the call was refused for others' sake, or for one of several that it does not
                        // name: again at this provider, without them or apart. Never of a single recipient
        configuration,  // key, account, domain, quota (PC): next provider, alarm
        temporary,      // next provider (T)
        uncertain,      // it may have been accepted (I)
    };
    Kind kind = Kind::temporary;
    std::string provider_id;  // of the accepted
    std::string status;       // enhanced status code of what failed, "5.1.1"; may be empty
    std::string words;        // the provider's own, one line

    bool operator==(const RecipientAnswer&) const = default;
};

struct Answer {
    std::vector<RecipientAnswer> recipients;  // one for each of Outgoing::recipients, same order
    std::chrono::seconds retry_after{0};      // the provider's wish; 0: none
    bool of_domain = false;                   // configuration: concerns mail from this sender's domain only
    std::string alarm;  // accepted, but the account is stuck: use it no longer; empty: nothing
};

}  // namespace mailrota::providers
