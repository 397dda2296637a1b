#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/config/box_settings.h"
#include "core/policy/alert.h"

namespace mailrota::config {

// [telephone.NAME]: an account with somebody who places calls and sends SMS
struct TelephoneSettings {
    enum class Kind { twilio };  // or whoever has the same REST interface, by base_url

    std::string name;
    Kind kind = Kind::twilio;
    std::string account;  // "AC…", in the path of every request
    std::string user;     // whom requests are signed by: an API key "SK…", else the account
    SecretSource secret;  // its secret, else the account's auth token
    std::vector<SecretSource>
        auth_tokens;                // what callbacks are signed with; any fits, so that it can be changed
    std::string from;               // E.164: who calls and writes
    std::string messaging_service;  // "MG…" for SMS instead of `from`; may be empty
    std::string base_url;           // always filled in, no slash at the end: "https://api.twilio.com";
                                    // by region and edge "https://api.dublin.ie1.twilio.com"
    std::string ca_file;
    std::string proxy;
    std::chrono::seconds timeout{15};      // longest wait for one answer
    std::chrono::milliseconds pace{1000};  // from one call, or one SMS, to the next
    std::uint32_t in_flight = 2;           // most calls at once, of all workers together
    bool detect_machines = false;          // asynchronous answering machine detection, told in logs

    bool operator==(const TelephoneSettings&) const = default;
};

// [calls]: of all calls and messages
struct CallSettings {
    std::vector<std::string> accounts;  // of [telephone.NAME], in the order in which they are tried
    std::string public_url;  // where the other side reaches mailrota-web: "https://mail.example.com/call",
                             // no slash at the end; empty: it cannot, everything is asked for
    std::string language = "en-US";                  // of members without their own
    std::string voice;                               // likewise; empty: the provider's
    std::chrono::seconds ring{30};                   // 5 s … 600 s: how long it rings
    std::chrono::seconds poll{10};                   // between looks at a call under way, or for SMS replies
    policy::Burst limit{30, std::chrono::hours{1}};  // most calls and messages to one number; the first call
                                                     // of a critical incident goes out all the same
    std::chrono::seconds expire{std::chrono::hours{24}};  // of the URLs of a call

    bool outbound_only() const { return public_url.empty(); }
    bool operator==(const CallSettings&) const = default;
};

}  // namespace mailrota::config
