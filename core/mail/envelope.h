#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/address.h"

namespace mailrota::mail {

// Somebody that the mail is for, with the ESMTP parameters of its RCPT command ("NOTIFY=FAILURE",
// "ORCPT=rfc822;…"), as received.
struct Recipient {
    Address address;
    std::vector<std::string> parameters;

    // The value of the parameter `name` (case-folded, without '='); nothing if it is absent.
    std::optional<std::string_view> parameter(std::string_view name) const;
};

// Who hands the mail in. Every field may be empty: a mail from sendmail(1) has no client.
struct Client {
    std::string ip;    // "192.0.2.1", "2001:db8::1": no port, no "IPv6:" prefix
    std::string name;  // as the MTA looked it up, or "unknown"
    std::string helo;
    std::string auth_user;  // the SASL login, empty if not authenticated
};

// How the mail came to the MTA, as far as the MTA tells.
enum class Route {
    smtp,
    local
};  // local: sendmail(1), cron, a bounce: no SMTP dialogue that could be answered

// The envelope of one mail: RFC 5321 section 2.3.1, with what is known of the client. A value.
struct Envelope {
    Address sender;
    std::vector<std::string> sender_parameters;
    std::vector<Recipient> recipients;  // in the order received; the same address may stand twice
    Client client;
    Route route = Route::smtp;
    std::string daemon;  // the MTA's {daemon_name}, empty if not told
};

}  // namespace mailrota::mail
