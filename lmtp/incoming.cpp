#include "lmtp/incoming.h"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <utility>

#include "core/mail/date_text.h"
#include "core/mail/offer.h"

namespace mailrota::lmtp {
namespace {

// What a client called itself, without anything that could end a field or a comment.
std::string safe_name(std::string_view name) {
    constexpr std::string_view allowed = "-._:[]";
    std::string safe(name.substr(0, 255));
    std::erase_if(safe, [&](char c) {
        const auto byte = static_cast<unsigned char>(c);
        const bool letter = (byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z';
        return !letter && !(byte >= '0' && byte <= '9') && allowed.find(c) == std::string_view::npos;
    });
    return safe.empty() ? "unknown" : safe;
}

// "[192.0.2.1]", "[IPv6:2001:db8::1]"; a unix socket has no address.
std::string address_literal(const std::string& ip) {
    if (ip.empty()) return "local";
    return (ip.find(':') == std::string::npos ? "[" : "[IPv6:") + ip + "]";
}

bool asks_for_smtputf8(const mail::Envelope& envelope) {
    return std::ranges::any_of(envelope.sender_parameters, [](const std::string& parameter) {
        return boost::algorithm::iequals(parameter, "SMTPUTF8");
    });
}

std::string with_protocol(const mail::Envelope& envelope, const Greeting& greeting) {
    if (!greeting.extended) return "SMTP";
    std::string with = asks_for_smtputf8(envelope) ? "UTF8SMTP" : "ESMTP";
    if (greeting.over_tls) with += 'S';
    if (!envelope.client.auth_user.empty()) with += 'A';
    return with;
}

}  // namespace

Incoming make_incoming(wire::MessageReceived received, Arrival arrival) {
    Incoming incoming;
    auto& mail = incoming.mail;
    mail.queue_id = std::move(received.queue_id);
    mail.envelope = std::move(received.envelope);
    mail.origin = std::move(arrival.origin);
    mail.arrived = arrival.at;
    const std::size_t ours = arrival.received_header.size();
    if (ours > 0) received.bytes.insert(0, arrival.received_header);
    mail.message = mail::Message::from_bytes(std::move(received.bytes), arrival.limits);
    incoming.received = mail.message.raw_headers("Received").size() - (ours > 0 ? 1 : 0);
    const bool told_apart = incoming.received > 0 || !mail.message.raw_header("Message-ID").empty();
    incoming.mail_id =
        mail::mail_id(mail.envelope.sender, told_apart ? mail.message.bytes().substr(ours) : arrival.offer);
    mail.key = mail::message_key(mail.message, mail.queue_id, incoming.mail_id);
    if (told_apart) mail.key.repeatable = true;
    return incoming;
}

std::string received_header(const mail::Envelope& envelope, const Greeting& greeting,
                            std::string_view hostname, std::string_view id, std::chrono::sys_seconds at) {
    const auto& client = envelope.client;
    return "Received: from " + safe_name(client.helo) + " (" + address_literal(client.ip) + ")\r\n\tby " +
           safe_name(hostname) + " with " + with_protocol(envelope, greeting) + " id " + safe_name(id) +
           ";\r\n\t" + mail::date_text(at) + "\r\n";
}

}  // namespace mailrota::lmtp
