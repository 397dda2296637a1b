#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/mail/result.h"

namespace mailrota::config {

// Where mail is sent to: "smtp:127.0.0.1:10026", "smtp:[::1]:25", "lmtp:unix:/run/dovecot/lmtp",
// "lmtp:host.example.com:24".
struct Endpoint {
    enum class Protocol { smtp, lmtp };
    enum class Security { none, starttls, tls };  // STARTTLS is demanded; tls: from the first byte

    Protocol protocol = Protocol::smtp;
    std::string host;  // name or address without brackets; empty for a unix socket
    std::uint16_t port = 0;
    std::string path;                    // of a unix socket; else empty
    Security security = Security::none;  // of providers only: not written in the text form
    std::string account{};               // name of the provider whose login is used here; empty: no login

    std::string to_string() const;  // as written
    bool operator==(const Endpoint&) const = default;
    auto operator<=>(const Endpoint&) const = default;
};

// Reads what Endpoint::to_string() gives and what people write: also "lmtp:inet:host:24" and
// "lmtp:unix:/path". There is no default port. Errors are `invalid` and say what is missing.
Result<Endpoint> parse_endpoint(std::string_view text);

}  // namespace mailrota::config
