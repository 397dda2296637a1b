#include <algorithm>
#include <utility>

#include "core/mail/text_encoding.h"
#include "core/wire/smtp_server_state.h"

namespace mailrota::wire {

namespace {

// RFC 6531: without SMTPUTF8 an address is ASCII, with it UTF-8.
bool is_in_charset(const mail::Address& address, bool utf8) {
    const std::string& raw = address.raw();
    return utf8 ? mail::is_utf8(raw) : std::all_of(raw.begin(), raw.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x80;
    });
}

constexpr std::string_view wrong_charset = "553 5.6.7 address needs SMTPUTF8";

}  // namespace

void SmtpServer::State::mail_from(std::string_view argument) {
    auto why_not = object_to_client();
    if (!why_not) why_not = begin_transaction(argument);
    mail_refused = why_not.has_value();
    if (why_not) return refuse_envelope(*why_not);
    stage = SmtpStage::sender;
    say("250 2.1.0 sender ok");
}

std::optional<std::string_view> SmtpServer::State::object_to_client() const {
    if (options.tls_required && !tls) return "530 5.7.0 STARTTLS first";
    if (options.auth && auth_user.empty()) return "530 5.7.0 authentication required";
    return std::nullopt;
}

std::optional<std::string_view> SmtpServer::State::begin_transaction(std::string_view argument) {
    auto path = parse_path(argument, "FROM:");
    if (!path) return path.error();
    const auto facts =
        read_sender_parameters(path->parameters, {options.dsn, offers_auth(), options.max_size});
    if (!facts) return facts.error();
    if (!is_in_charset(path->address, facts->smtputf8)) return wrong_charset;
    sender_facts = *facts;
    envelope.sender = std::move(path->address);
    envelope.sender_parameters = std::move(path->parameters);
    envelope.client = peer;
    envelope.client.helo = helo;
    envelope.client.auth_user = auth_user;
    forwarded.overlay(envelope);
    return std::nullopt;
}

void SmtpServer::State::rcpt_to(std::string_view argument) {
    if (const auto why_not = offer_recipient(argument)) return refuse_envelope(*why_not);
    wait = SmtpWait::recipient_answer;
    event = RecipientOffered{};
}

std::optional<std::string_view> SmtpServer::State::offer_recipient(std::string_view argument) {
    auto path = parse_path(argument, "TO:");
    if (!path) return path.error();
    if (const auto why_not =
            object_to_recipient_parameters(path->parameters, {options.dsn, offers_auth(), 0}))
        return why_not;
    if (!is_in_charset(path->address, sender_facts.smtputf8)) return wrong_charset;
    if (envelope.recipients.size() >= options.max_recipients) return "452 4.5.3 too many recipients";
    envelope.recipients.push_back({std::move(path->address), std::move(path->parameters)});
    return std::nullopt;
}

void SmtpServer::State::answer_recipient(const std::optional<Reply>& refusal) {
    wait = SmtpWait::command;
    if (refusal) {
        envelope.recipients.pop_back();
        output += to_wire(*refusal);
    } else {
        stage = SmtpStage::recipients;
        say("250 2.1.5 recipient ok");
    }
}

// Bad syntax is a fault; what is well said and not possible is none.
void SmtpServer::State::refuse_envelope(std::string_view line) {
    return line.starts_with("501") ? say_fault(line) : say(line);
}

}  // namespace mailrota::wire
