#include "ctl/question.h"

#include <algorithm>

namespace mailrota::ctl {
namespace {

using mail::Address;

// A mailbox file's first line is no part of the message.
std::string without_mbox_line(std::string message) {
    if (!message.starts_with("From ")) return message;
    const std::size_t end = message.find('\n');
    return end == std::string::npos ? std::string() : message.substr(end + 1);
}

Address sender_of(const ExplainQuestion& question, const mail::Message& message) {
    if (question.sender) return Address::from_envelope(*question.sender);
    const std::string_view return_path = message.raw_header("Return-Path");
    if (!return_path.empty()) return Address::from_envelope(return_path);
    const auto from = mail::parse_address_list(message.raw_header("From"));
    return from.empty() ? Address() : from.front();
}

// Each recipient once.
void add(const Address& address, mail::Envelope& envelope) {
    const auto same = [&](const mail::Recipient& other) { return other.address == address; };
    if (std::ranges::none_of(envelope.recipients, same)) envelope.recipients.push_back({address, {}});
}

void add_recipients(const ExplainQuestion& question, const mail::Message& message, mail::Envelope& envelope) {
    for (const std::string& given : question.recipients) add(Address::from_envelope(given), envelope);
    if (!question.recipients.empty()) return;
    for (const char* name : {"To", "Cc"}) {
        for (const Address& address : mail::parse_address_list(message.raw_header(name)))
            add(address, envelope);
    }
}

Result<mail::Origin> origin_of(const std::string& name, const config::Config& config) {
    std::string known;
    for (const config::ListenerSettings& listener : config.listeners) {
        if (name.empty() || name == listener.name) return mail::Origin{listener.name, listener.trusted};
        known += (known.empty() ? "" : ", ") + listener.name;
    }
    return invalid("there is no listener \"" + name + "\"; there are: " + known);
}

}  // namespace

Result<mail::Mail> mail_in_question(const ExplainQuestion& question, std::string message,
                                    const config::Loaded& loaded, std::chrono::sys_seconds arrived) {
    auto origin = origin_of(question.listener, *loaded.config);
    if (!origin) return tl::unexpected(origin.error());
    mail::Mail mail;
    mail.message = mail::Message::from_bytes(without_mbox_line(std::move(message)), loaded.config->limits);
    mail.key = mail::message_key(mail.message, "", "explain");
    mail.origin = std::move(*origin);
    mail.arrived = arrived;
    mail.envelope.sender = sender_of(question, mail.message);
    mail.envelope.client.ip = question.client_ip;
    mail.envelope.client.auth_user = question.auth_user;
    mail.envelope.route = question.local ? mail::Route::local : mail::Route::smtp;
    add_recipients(question, mail.message, mail.envelope);
    if (mail.envelope.recipients.empty()) return invalid("no --rcpt is given and the mail has no To or Cc");
    return mail;
}

}  // namespace mailrota::ctl
