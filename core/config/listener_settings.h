#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/config/endpoint.h"
#include "core/policy/network.h"

namespace mailrota::config {

// Certificate chain and key, PEM files.
struct TlsSettings {
    std::string certificate;
    std::string key;

    bool operator==(const TlsSettings&) const = default;
};

// [listener.NAME]
struct ListenerSettings {
    enum class Protocol { milter, lmtp, smtp };

    std::string name;
    Protocol protocol = Protocol::milter;
    std::string socket;                // libmilter's form: "unix:/path", "inet:port@host", "inet6:port@host";
                                       // inet:host:port is turned into it
    std::uint32_t socket_mode = 0660;  // of a unix socket
    std::string socket_group;          // of a unix socket; empty: the process's
    bool trusted = false;
    std::chrono::seconds drain{std::chrono::seconds{30}};  // how long a stop waits for mails in progress

    // Of lmtp and smtp only.
    std::optional<Endpoint> next_hop;  // mail that stays with its recipient
    std::optional<Endpoint> reinject;  // mail whose recipient changed; without it such mail is deferred
    std::uint64_t max_size = 50'000'000;
    std::uint32_t max_recipients = 1000;  // of one transaction
    std::uint32_t max_connections = 1000;
    std::chrono::seconds timeout{300};   // longest silence of the client
    std::chrono::seconds deadline{300};  // longest work on one mail before its recipients are deferred; must
                                         // be less than the MTA waits (lmtp_data_done_timeout, 600 s)
    bool dsn = true;                     // announce DSN (RFC 3461); only where there is a reinject
    std::string session_log;             // folder for raw logs of sessions; empty: none
    // Who may speak here, other than on a unix socket; default loopback.
    std::vector<policy::Network> clients;
    // Of smtp only.
    std::optional<TlsSettings> tls;  // STARTTLS is offered
    bool tls_required = false;       // MAIL is refused before STARTTLS
    std::string users;               // file of "name:crypt(3) hash" lines; empty: no AUTH. With it MAIL is
                                     // refused before AUTH, and AUTH before STARTTLS

    bool operator==(const ListenerSettings&) const = default;
};

// [lmtp]: of mailrota-lmtp as a whole
struct LmtpSettings {
    std::uint32_t threads = 0;  // 0: one for each processor, four at most

    bool operator==(const LmtpSettings&) const = default;
};

}  // namespace mailrota::config
