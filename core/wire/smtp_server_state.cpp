#include "core/wire/smtp_server_state.h"

#include <exception>
#include <utility>

namespace mailrota::wire {

namespace {

constexpr int most_faults = 10;
constexpr std::size_t idle_input = 16'384;  // what an input buffer may keep while it is empty

}  // namespace

std::string_view to_string(SmtpStage stage) {
    switch (stage) {
        case SmtpStage::connected:
            return "connected";
        case SmtpStage::greeted:
            return "greeted";
        case SmtpStage::sender:
            return "sender";
        case SmtpStage::recipients:
            return "recipients";
        case SmtpStage::chunks:
            return "chunks";
    }
    return "";
}

std::string_view to_string(SmtpWait wait) {
    switch (wait) {
        case SmtpWait::command:
            return "command";
        case SmtpWait::login_line:
            return "login line";
        case SmtpWait::data:
            return "data";
        case SmtpWait::chunk:
            return "chunk";
        case SmtpWait::useless_chunk:
            return "useless chunk";
        case SmtpWait::recipient_answer:
            return "recipient answer";
        case SmtpWait::message_answer:
            return "message answer";
        case SmtpWait::login_answer:
            return "login answer";
        case SmtpWait::tls:
            return "TLS";
        case SmtpWait::nothing:
            return "nothing";
    }
    return "";
}

std::optional<std::string_view> objection(SmtpVerb verb, SmtpStage stage) {
    constexpr std::string_view hello_first = "503 5.5.1 say hello first";
    constexpr std::string_view mail_first = "503 5.5.1 MAIL first";
    constexpr std::string_view under_way = "503 5.5.1 a transaction is under way";
    constexpr std::string_view no_recipients = "503 5.5.1 no valid recipients";
    const bool in_transaction = stage >= SmtpStage::sender;
    switch (verb) {
        case SmtpVerb::mail:
        case SmtpVerb::auth:
            if (stage == SmtpStage::connected) return hello_first;
            [[fallthrough]];
        case SmtpVerb::starttls:
        case SmtpVerb::xforward:
            return in_transaction ? std::optional(under_way) : std::nullopt;
        case SmtpVerb::rcpt:
        case SmtpVerb::data:
            if (stage == SmtpStage::chunks) return "503 5.5.1 BDAT has begun";
            [[fallthrough]];
        case SmtpVerb::bdat:
            if (stage == SmtpStage::connected) return hello_first;
            if (!in_transaction) return mail_first;
            if (stage == SmtpStage::sender && verb != SmtpVerb::rcpt) return no_recipients;
            return std::nullopt;
        default:
            return std::nullopt;
    }
}

SmtpServer::State::State(SmtpServerOptions given_options, mail::Client given_peer)
    : options(std::move(given_options)), peer(std::move(given_peer)) {}

SmtpServerEvent SmtpServer::State::next() {
    for (;;) {
        if (auto ready = take_event()) return std::move(*ready);
        bool more = false;
        switch (wait) {
            case SmtpWait::command:
            case SmtpWait::login_line:
                more = read_command();
                break;
            case SmtpWait::data:
                more = read_content();
                break;
            case SmtpWait::chunk:
                more = read_chunk();
                break;
            case SmtpWait::useless_chunk:
                more = read_useless_chunk();
                break;
            default:
                break;
        }
        if (more) continue;
        input.erase(0, std::exchange(consumed, 0));
        if (input.empty() && input.capacity() > idle_input) input = std::string();
        return NeedInput{};
    }
}

// What needs no more bytes: an event that a command left, or the end.
std::optional<SmtpServerEvent> SmtpServer::State::take_event() {
    if (event) return std::exchange(event, std::nullopt);
    const bool between =
        wait == SmtpWait::command || wait == SmtpWait::login_line || wait == SmtpWait::useless_chunk;
    if (shutting_down && between && !in_transaction())
        close("421 4.3.2 " + options.hostname + " is shutting down");
    if (wait == SmtpWait::nothing) return Close{};
    return std::nullopt;
}

void SmtpServer::State::say(std::string_view line) {
    output += line;
    output += "\r\n";
}

void SmtpServer::State::say_fault(std::string_view line) {
    if (++faults >= most_faults) return close("421 4.7.0 too many errors");
    say(line);
}

void SmtpServer::State::say_out_of_order(std::string_view line) {
    return mail_refused || stage == SmtpStage::sender ? say(line) : say_fault(line);
}

bool SmtpServer::State::is_due(SmtpWait answer) const {
    if (wait != answer && wait != SmtpWait::nothing) std::terminate();
    return wait == answer;
}

void SmtpServer::State::close(std::string_view line) {
    if (wait == SmtpWait::nothing) return;
    say(line);
    end_transaction();
    event.reset();
    input = std::string();
    consumed = 0;
    wait = SmtpWait::nothing;
}

void SmtpServer::State::end_transaction() {
    if (in_transaction()) stage = SmtpStage::greeted;
    envelope = mail::Envelope();
    sender_facts = SmtpSenderFacts();
    content = MessageContent();
}

}  // namespace mailrota::wire
