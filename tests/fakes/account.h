#pragma once

#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace mailrota::fakes {

/// An account with one provider: what is right for it, and how the provider behaves.
struct Account {
    std::string key;         ///< API key; Postmark's server token
    std::string access_key;  ///< ses
    std::string secret_key;
    std::string region = "eu-west-1";
    std::set<std::string> domains;  ///< that may send, small letters; empty: any

    std::set<std::string> bad;         ///< recipients that are refused for good, small letters
    std::set<std::string> suppressed;  ///< recipients on the provider's own list
    std::set<std::string> bouncing;    ///< taken, and bounced by the automatic events

    std::chrono::milliseconds latency{0};    ///< before each answer of a sending call
    std::chrono::milliseconds index_lag{0};  ///< until a look-up finds a mail
    bool check = true;                       ///< the shape of requests and their limits
    bool keep = true;                        ///< mails, for mailboxes and look-ups
    int most_calls_a_second = 0;             ///< resend's rate limit; 0: none

    std::string webhook_key;  ///< mailgun's signing key, mandrill's key, resend's "whsec_…"
    std::string webhook_user;
    std::string webhook_password;
    std::string topic = "arn:aws:sns:eu-west-1:123456789012:mailrota";  ///< ses
    std::string hook_url;    ///< where events go by themselves after each acceptance; empty: nowhere
    std::string signed_url;  ///< mandrill: what is signed; empty: hook_url
    std::chrono::milliseconds hook_delay{0};

    std::string indicator = "none";  ///< of the status page: none, minor, major, critical
};

}  // namespace mailrota::fakes
