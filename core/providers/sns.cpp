#include "core/providers/sns.h"

#include <algorithm>

#include "core/providers/hook_check.h"
#include "core/providers/hook_pieces.h"
#include "core/providers/hook_time.h"
#include "core/providers/signature.h"

namespace mailrota::providers {
namespace {

constexpr std::size_t longest_url = 2'000;

bool take_prefix(std::string_view& text, std::string_view prefix) {
    const bool there = text.starts_with(prefix);
    text.remove_prefix(there ? prefix.size() : 0);
    return there;
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
    const bool there = text.ends_with(suffix);
    text.remove_suffix(there ? suffix.size() : 0);
    return there;
}

bool is_region(std::string_view text) {
    return text.size() >= 3 && std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
           });
}

bool is_certificate_url(std::string_view url) {
    return is_sns_url(url) && url.ends_with(".pem") && url.find_first_of("?#") == std::string_view::npos;
}

// As Amazon signs it: what is there, in the order of the names.
std::string signed_text(const SnsEnvelope& envelope) {
    std::string text;
    const auto add = [&](std::string_view name, const std::string& value, bool there) {
        if (there) text.append(name).append(1, '\n').append(value).append(1, '\n');
    };
    add("Message", envelope.message, true);
    add("MessageId", envelope.message_id, true);
    add("Subject", envelope.subject, envelope.has_subject);
    add("SubscribeURL", envelope.subscribe_url, !envelope.subscribe_url.empty());
    add("Timestamp", envelope.timestamp, true);
    add("Token", envelope.token, !envelope.token.empty());
    add("TopicArn", envelope.topic, true);
    add("Type", envelope.type, true);
    return text;
}

// Exactly one of these: a type with more in it could shift the names of what is signed.
bool is_known_type(std::string_view type) {
    return type == "Notification" || type == "SubscriptionConfirmation" || type == "UnsubscribeConfirmation";
}

}  // namespace

bool is_sns_url(std::string_view url) {
    const auto plain = [](char c) { return c > 0x20 && c < 0x7f && c != '\\' && c != '"'; };
    if (url.size() > longest_url || !std::ranges::all_of(url, plain)) return false;
    if (!take_prefix(url, "https://")) return false;
    std::string_view host = url.substr(0, url.find_first_of("/?#"));
    if (host.size() == url.size() || url[host.size()] != '/') return false;
    take_suffix(host, ".cn");
    return take_prefix(host, "sns.") && take_suffix(host, ".amazonaws.com") && is_region(host);
}

Result<SnsEnvelope> read_sns(std::string_view body) {
    const auto members = JsonMembers::of(body);
    if (!members) return invalid("the body is no JSON object");
    SnsEnvelope envelope;
    envelope.message = members->text("Message");
    envelope.message_id = members->text("MessageId");
    envelope.subject = members->text("Subject");
    envelope.has_subject = members->value("Subject").starts_with('"');
    envelope.subscribe_url = members->text("SubscribeURL");
    envelope.timestamp = members->text("Timestamp");
    envelope.token = members->text("Token");
    envelope.topic = members->text("TopicArn");
    envelope.type = members->text("Type");
    envelope.version = members->text("SignatureVersion");
    envelope.signature = members->text("Signature");
    envelope.certificate_url = members->text("SigningCertURL");
    return envelope;
}

Verdict check_sns(const SnsEnvelope& envelope, const HookKeys& keys, std::chrono::sys_seconds now) {
    if (!is_known_type(envelope.type)) return Forged{400, "no notification of SNS"};
    if (std::ranges::find(keys.topics, envelope.topic) == keys.topics.end())
        return Forged{403, "not of a topic that is configured"};
    const auto signature = from_base64(envelope.signature);
    if (!signature || (envelope.version != "1" && envelope.version != "2"))
        return Forged{403, "not signed in a known way"};
    if (!is_certificate_url(envelope.certificate_url))
        return Forged{403, "the certificate is not at a host of SNS"};
    if (envelope.is_confirmation() && !is_sns_url(envelope.subscribe_url))
        return Forged{403, "the confirmation is not at a host of SNS"};
    const auto certificate = keys.certificates.find(envelope.certificate_url);
    if (certificate == keys.certificates.end()) return NeedsCertificate{envelope.certificate_url};
    const Hash hash = envelope.version == "1" ? Hash::sha1 : Hash::sha256;
    switch (signed_by_certificate(certificate->second, hash, *signature, signed_text(envelope), now)) {
        case Certified::no:
            return Forged{403, "the signature does not fit"};
        case Certified::no_certificate:
            return Forged{403, "the certificate cannot be read"};
        case Certified::out_of_date:
            return Forged{403, "the certificate is out of date"};
        case Certified::yes:
            break;
    }
    if (is_stale(read_time(envelope.timestamp), now)) return Forged{403, "the signature is of another time"};
    return Genuine{};
}

}  // namespace mailrota::providers
