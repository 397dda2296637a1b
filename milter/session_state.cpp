#include "milter/session_state.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>

#include "core/mail/digest.h"
#include "core/mail/keys.h"
#include "core/policy/decide.h"

namespace mailrota::milter {

namespace {

const Fault fault_out_of_order{{451, "4.3.0", "mailrota: commands out of order"}, "protocol", "out of order"};

const char* name(Phase phase) {
    static constexpr const char* names[] = {"between mails", "envelope", "content"};
    return names[static_cast<int>(phase)];
}

const char* name(Event event) {
    static constexpr const char* names[] = {"rcpt", "header", "body", "end of message"};
    return names[static_cast<int>(event)];
}

bool legal(Phase phase, Event event) {
    switch (phase) {
        case Phase::between:
            return false;
        case Phase::envelope:
            return true;
        case Phase::content:
            return event != Event::rcpt;
    }
    return false;
}

// Straight from the kernel: std::random_device asks the processor what it can do each time, and in a virtual
// machine that alone costs as much as a mail.
std::string random_id() {
    std::array<std::uint8_t, 8> bytes;
    if (getentropy(bytes.data(), bytes.size()) != 0)
        throw std::system_error(errno, std::generic_category(), "getentropy");
    return mail::to_hex(bytes);
}

// sendmail(1), cron and bounces: Postfix makes up a dialogue for them, in which no recipient can be answered.
// It looks up no mailer for them and gives bare addresses.
bool is_local(std::string_view first_recipient, const Macros& macros) {
    return macros.get("{rcpt_mailer}").empty() && !first_recipient.starts_with('<');
}

mail::Origin origin(const config::Config& config) {
    for (const auto& listener : config.listeners)
        if (listener.protocol == config::ListenerSettings::Protocol::milter)
            return {listener.name, listener.trusted};
    return {};
}

}  // namespace

const Fault fault_impossible{
    {451, "4.3.5", "mailrota: the mail system does not allow what the configuration needs"},
    "protocol",
    "the MTA lacks a right that the policy needs"};
const Fault fault_too_many_recipients{
    {452, "4.5.3", "Too many recipients"}, "limit", "more than 10000 recipients"};
const Fault fault_too_much_header{
    {552, "5.3.4", "Message header too large"}, "limit", "header of more than 4 MiB"};

std::string without_ipv6_prefix(std::string_view address) {
    constexpr std::string_view prefix = "IPv6:";
    return std::string(address.starts_with(prefix) ? address.substr(prefix.size()) : address);
}

Session::State::State(Services given)
    : services(std::move(given)),
      log(services.log, services.metrics, random_id()),
      held(std::make_unique<Held>(services.policies.current())) {}

void Session::State::begin(const std::vector<std::string>& arguments, const Macros& macros) {
    reset();
    mail = {};
    phase = Phase::envelope;
    ++mails;
    auto& envelope = mail.envelope;
    if (!arguments.empty()) {
        envelope.sender = mail::Address::from_envelope(arguments.front());
        envelope.sender_parameters.assign(arguments.begin() + 1, arguments.end());
    }
    envelope.client = client;
    if (const auto ip = macros.get("{client_addr}"); !ip.empty())
        envelope.client.ip = without_ipv6_prefix(ip);
    if (const auto host = macros.get("{client_name}"); !host.empty()) envelope.client.name = host;
    envelope.client.auth_user = macros.get("{auth_authen}");
    envelope.daemon = macros.get("{daemon_name}");
    mail.queue_id = macros.get("i");
    mail.origin = origin(held->generation().config);
    mail.arrived = services.clock();
}

void Session::State::reset() {
    phase = Phase::between;
    headers = {};
    header_bytes = 0;
    body = {};
    fault = nullptr;
}

bool Session::State::enter(Phase next, Event event) {
    if (legal(phase, event)) {
        phase = next;
        return true;
    }
    log.out_of_order(name(event), name(phase));
    fail(fault_out_of_order);
    return false;
}

void Session::State::add_recipient(const std::vector<std::string>& arguments, const Macros& macros) {
    auto& envelope = mail.envelope;
    const std::string_view raw = arguments.empty() ? std::string_view() : arguments.front();
    if (envelope.recipients.empty() && is_local(raw, macros)) envelope.route = mail::Route::local;
    mail::Recipient recipient{mail::Address::from_envelope(raw), {}};
    if (!arguments.empty()) recipient.parameters.assign(arguments.begin() + 1, arguments.end());
    envelope.recipients.push_back(std::move(recipient));
}

StepAnswer Session::State::answer_recipient() {
    if (!needs().recipient_replies || mail.envelope.route == mail::Route::local) return Continue{};
    auto reply = policy::decide_at_rcpt(policy(), mail.envelope, mail.origin, services.clock());
    if (!reply) return Continue{};
    log.recipient_answered(mail, *reply);
    mail.envelope.recipients.pop_back();
    return *std::move(reply);
}

Ending Session::State::end_faulty() {
    log.ended_by(fault->cause, fault->why, mail, fault->reply);
    Ending ending;
    ending.verdict = Ending::Verdict::reply;
    ending.reply = fault->reply;
    return ending;
}

Ending Session::State::settle() {
    const auto start = std::chrono::steady_clock::now();
    mail.message = mail::Message::from_parts(std::move(headers), std::move(body), policy().decode_limits());
    const auto nonce = log.session() + '.' + std::to_string(mails);
    mail.key = mail::message_key(mail.message, mail.queue_id, nonce);
    auto& intake = services.intake();
    const auto taken = intake.take(policy(), mail, policy::Granularity::whole_mail_only);
    auto ending = make_ending(mail.envelope, mail.message, taken.plan, intake.secret(),
                              wanted.rights.add_recipient_with_parameters);
    const auto took = std::chrono::steady_clock::now() - start;
    log.ended(mail, taken, ending, std::chrono::duration_cast<std::chrono::microseconds>(took));
    return ending;
}

}  // namespace mailrota::milter
