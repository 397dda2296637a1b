#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/fakes/encoding.h"
#include "tests/fakes/signing.h"

namespace mailrota::fakes {

/// What a provider is to tell. `type` is one of queued, sent, delivered, deferred, bounced, soft_bounced,
/// rejected, complained, opened, clicked, unsubscribed, failed; any other word goes out as it is, where a
/// provider has such words.
struct HookEvent {
    std::string type;
    std::string our_id;      ///< goes back where metadata goes; empty: nowhere
    std::string message_id;  ///< the provider's
    std::string recipient;
    std::vector<std::string> all;  ///< recipients of the mail, where they are known
    std::string sender;
    std::string subject;
    std::string event_id;  ///< unique, 32 hexadecimal digits unless the order says otherwise
    Seconds at{};
    std::string words;                         ///< the other server's reply, or the reason; never empty
    boost::json::object overrides;             ///< members that replace those of the native event's object
    std::optional<boost::json::value> native;  ///< goes out instead of a native event that is made here
};

/// How posts are made.
struct HookOrder {
    std::string url;                   ///< mandrill signs it
    std::optional<Seconds> signed_at;  ///< the signature's time; now if it is not said
    bool wrong_key = false;            ///< signed with another key, or another password
    bool alter = false;                ///< one byte of the body is another than the signature covers
    bool unsigned_post = false;
};

struct HookPost {
    Fields headers;  ///< Content-Type and what authenticates
    std::string body;
};

/// Keys made at the start.
struct Keyring {
    SigningKey sendgrid = SigningKey::elliptic();
    SigningKey stranger_elliptic = SigningKey::elliptic();
    SigningKey sns = SigningKey::rsa();
    SigningKey authority = SigningKey::rsa();  ///< of the certificate below; the stranger where RSA signs
    std::string authority_certificate;
    std::string certificate;  ///< of `sns`: TLS for every provider's host, and what signs SNS messages

    Keyring();
    std::string sendgrid_public_key() const { return to_base64(sendgrid.public_spki()); }
};

/// The host names that the certificate is for; providers' own hosts lead to their fakes.
const std::vector<std::pair<std::string, std::string>>& provider_hosts();

/// Replaces members, whole or (both objects) one by one.
void override_members(boost::json::object& event, const boost::json::object& overrides);
/// Alters a byte of the body as the order says.
HookPost finished(HookPost post, const HookOrder& order);

}  // namespace mailrota::fakes
