#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/providers/webhook.h"

// Amazon's Simple Notification Service, which SES tells its events through: an envelope of JSON strings,
// signed by a certificate whose URL is in it.
namespace mailrota::providers {

// An envelope's members, unescaped; nothing of it is believed before check_sns() said so.
struct SnsEnvelope {
    std::string message, message_id, subject, subscribe_url, timestamp, token, topic, type;
    std::string version, signature, certificate_url;
    bool has_subject = false;  // it is signed even if it is empty

    bool is_confirmation() const { return type == "SubscriptionConfirmation"; }
};
Result<SnsEnvelope> read_sns(std::string_view body);

// Whether the topic is one of ours and the signature right; asks for the certificate if keys has none of that
// URL. The host of its URL is checked first.
Verdict check_sns(const SnsEnvelope& envelope, const HookKeys& keys, std::chrono::sys_seconds now);

// Whether `url` is https at an SNS host of Amazon's ("sns.eu-west-1.amazonaws.com", with ".cn" in China),
// without a user, a port, or anything that could be read in two ways.
bool is_sns_url(std::string_view url);

}  // namespace mailrota::providers
