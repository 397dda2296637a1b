#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/box_settings.h"
#include "core/config/endpoint.h"
#include "core/policy/network.h"

namespace mailrota::config {

// [provider.NAME.webhook]: how events of a provider are told from forged ones. They come to
// mailrota-web at /hook/NAME.
struct WebhookSettings {
    std::vector<SecretSource> secrets;     // any of them fits, so that a key can be changed without a gap:
                                           // sendgrid: public keys (base64 SPKI); mailgun: signing keys;
                                           // mandrill: webhook keys; resend: "whsec_…"; others none
    std::string url;                       // mandrill: the URL exactly as it is configured there
    std::vector<BoxSettings::User> users;  // basic authentication: postmark, sparkpost; others on top
    std::vector<policy::Network> allow;    // addresses that events may come from; empty: any
    std::vector<std::string> topics;       // ses: ARNs of the topics that are believed

    bool operator==(const WebhookSettings&) const = default;
};

// [provider.NAME]: an account with somebody who carries mail out
struct ProviderSettings {
    enum class Kind { sendgrid, mailgun, mandrill, ses, postmark, sparkpost, resend, smtp };
    enum class Transport { http, smtp };
    // Mail that the transport would alter (signed, encrypted, DSN, calendar …).
    enum class Lossy {
        refuse,  // goes to the next provider that keeps it whole; refused (5.6.0) if there is none
        send,    // is sent all the same, the losses are logged
    };

    std::string name;
    Kind kind = Kind::smtp;
    Transport transport = Transport::http;  // smtp for Kind::smtp
    std::string base_url;  // http: "https://api.sendgrid.com", always filled in, no slash at the end; http://
                           // to loopback only
    std::optional<SecretSource> api_key;     // http, all but ses; over SMTP the password
    std::string region;                      // ses: "eu-west-1"; sendgrid, mailgun, sparkpost: "eu" or empty
    std::string domain;                      // mailgun: the domain that sends
    std::optional<SecretSource> access_key;  // ses over HTTP: both
    std::optional<SecretSource> secret_key;
    Endpoint host;                  // smtp: always filled in, with security and account
    std::string user;               // smtp: without api_key: no login. Empty beside one (postmark): the key
                                    // is the user, too
    std::string ca_file;            // certificates to trust instead of the system's; may be empty
    std::string proxy;              // http: "http://proxy.example.com:3128"; empty: none
    std::string message_stream;     // postmark; may be empty
    std::string configuration_set;  // ses; may be empty
    bool tracking = false;          // opens and clicks
    Lossy lossy = Lossy::refuse;
    std::uint32_t max_recipients = 0;  // of one call; 0: as many as the kind allows
    std::uint64_t max_size = 0;        // bytes of one mail; 0: as many as the kind allows
    std::chrono::seconds timeout{30};  // longest wait for one answer
    std::uint32_t in_flight = 0;       // most calls at once of one process; 0: no limit
    std::string status_url;            // its status page's summary.json; empty: not asked
    WebhookSettings webhook;

    bool operator==(const ProviderSettings&) const = default;
};
std::string_view to_string(ProviderSettings::Kind kind);

// [rota.NAME] whose members are providers
struct RelayRota {
    enum class Strategy { failover, round_robin };
    // A call went out and no answer came.
    enum class Uncertain {
        hold,  // 4yz for `uncertain_hold` at most, asking the provider meanwhile; then at the same provider
               // again
        same,  // at the next offer at the same provider again
        next,  // at the next offer at the next provider
    };
    struct Member {
        std::string provider;
        int weight = 1;
        bool operator==(const Member&) const = default;
    };

    std::string name;
    Strategy strategy = Strategy::failover;
    std::vector<Member> members;
    std::chrono::seconds hold{3600};  // failover: how long the first that works is kept, before the list is
                                      // tried from its top again
    Uncertain uncertain = Uncertain::hold;
    std::chrono::seconds uncertain_hold{3600};

    bool operator==(const RelayRota&) const = default;
};

// [relay]: of all relaying
struct RelaySettings {
    std::uint32_t failures = 3;               // temporary faults in a row that open a provider's breaker
    std::chrono::seconds open{60};            // for how long; doubled with each probe that fails
    std::chrono::seconds longest_open{1800};  // at most
    std::vector<std::string> suppress{"bounced", "complained"};  // events that put a recipient on the list
    bool notify = true;  // a final bounce after acceptance is told to the sender (DSN)

    bool operator==(const RelaySettings&) const = default;
};

// [events]: where normalised events are handed on to
struct EventSettings {
    std::string command;  // run by /bin/sh for a batch, one JSON a line on its stdin; may be empty
    std::string url;      // gets a signed POST of a batch; may be empty
    std::optional<SecretSource>
        secret;  // signs the POST (Standard Webhooks: webhook-id, -timestamp, -signature)
    std::string ca_file;
    std::chrono::seconds expire{std::chrono::hours{72}};
    std::uint64_t max_body = 5'000'000;  // of a webhook's request

    bool operator==(const EventSettings&) const = default;
};

}  // namespace mailrota::config
