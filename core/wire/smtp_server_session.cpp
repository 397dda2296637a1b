#include <string>
#include <utility>

#include "core/policy/overloaded.h"
#include "core/wire/smtp_server_state.h"

namespace mailrota::wire {

namespace {

constexpr std::string_view not_recognized = "500 5.5.1 command not recognized";
constexpr std::string_view not_implemented = "502 5.5.1 command not implemented";
constexpr std::string_view no_argument = "501 5.5.4 no argument allowed";
constexpr int most_failed_logins = 10;

bool is_hello_name(std::string_view name) {
    if (name.empty() || name.size() > 255) return false;
    for (const char c : name)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F) return false;
    return true;
}

}  // namespace

bool SmtpServer::State::read_command() {
    const auto found = commands.read(unread(), wait == SmtpWait::login_line);
    consumed += found.consumed;
    if (found.found == CommandReader::Found::nothing) return false;
    const bool in_login = std::exchange(wait, SmtpWait::command) == SmtpWait::login_line;
    if (found.found == CommandReader::Found::too_long)
        say_fault("500 5.5.6 line too long");
    else if (found.found == CommandReader::Found::unclean)
        say_fault("500 5.5.2 NUL, bare CR or bare LF in a command");
    else if (in_login)
        go_on(login.next_line(found.text));
    else
        obey(parse_command(found.text));
    return true;
}

void SmtpServer::State::obey(const SmtpCommand& command) {
    const bool follows_mail = command.verb == SmtpVerb::rcpt || command.verb == SmtpVerb::data;
    if (command.verb == SmtpVerb::bdat) return begin_chunk(command.argument);
    if (!follows_mail) mail_refused = false;
    if (command.verb == SmtpVerb::xforward && !(options.xforward && lmtp())) return say_fault(not_recognized);
    if (const auto why_not = objection(command.verb, stage)) {
        if (command.verb == SmtpVerb::mail) mail_refused = stage < SmtpStage::sender;
        return follows_mail ? say_out_of_order(*why_not) : say_fault(*why_not);
    }
    const int faults_before = faults;
    carry_out(command);
    if (faults == faults_before) faults = 0;
}

void SmtpServer::State::carry_out(const SmtpCommand& command) {
    switch (command.verb) {
        case SmtpVerb::mail:
            return mail_from(command.argument);
        case SmtpVerb::rcpt:
            return rcpt_to(command.argument);
        case SmtpVerb::data:
            return begin_data(command.argument);
        case SmtpVerb::starttls:
            return start_tls(command.argument);
        case SmtpVerb::auth:
            return start_login(command.argument);
        case SmtpVerb::xforward:
            return forward(command.argument);
        default:
            return carry_out_anywhere(command);
    }
}

void SmtpServer::State::carry_out_anywhere(const SmtpCommand& command) {
    switch (command.verb) {
        case SmtpVerb::lhlo:
        case SmtpVerb::ehlo:
        case SmtpVerb::helo:
            return hello(command);
        case SmtpVerb::rset:
            return reset(command.argument);
        case SmtpVerb::noop:
            return say("250 2.0.0 ok");
        case SmtpVerb::vrfy:
            return say("252 2.5.2 cannot VRFY; RCPT will tell");
        case SmtpVerb::help:
            return say(lmtp() ? "214 2.0.0 see RFC 2033" : "214 2.0.0 see RFC 5321");
        case SmtpVerb::quit:
            return close("221 2.0.0 bye");
        case SmtpVerb::expn:
            return say_fault(not_implemented);
        case SmtpVerb::http:
            return close("421 4.7.0 this is no web server");
        default:
            return say_fault(not_recognized);
    }
}

void SmtpServer::State::hello(const SmtpCommand& command) {
    if (lmtp() != (command.verb == SmtpVerb::lhlo)) return say_fault(not_recognized);
    if (!is_hello_name(command.argument)) return say_fault("501 5.5.4 syntax: hello with one name");
    end_transaction();
    stage = SmtpStage::greeted;
    helo = command.argument;
    extended = command.verb != SmtpVerb::helo;
    if (!extended) return say("250 " + options.hostname);
    say_extensions();
}

void SmtpServer::State::say_extensions() {
    say("250-" + options.hostname);
    say("250-PIPELINING");
    say("250-SIZE " + std::to_string(options.max_size));
    say("250-8BITMIME");
    say("250-SMTPUTF8");
    say("250-CHUNKING");
    if (options.dsn) say("250-DSN");
    if (offers_tls()) say("250-STARTTLS");
    if (offers_auth()) say("250-AUTH PLAIN LOGIN");
    if (options.xforward && lmtp()) say("250-XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE");
    say("250 ENHANCEDSTATUSCODES");
}

void SmtpServer::State::reset(std::string_view argument) {
    if (!argument.empty()) return say_fault(no_argument);
    end_transaction();
    say("250 2.0.0 ok");
}

void SmtpServer::State::start_tls(std::string_view argument) {
    if (tls) return say_fault("503 5.5.1 TLS is on");
    if (!options.starttls) return say_fault(not_implemented);
    if (!argument.empty()) return say_fault(no_argument);
    say("220 2.0.0 ready for TLS");
    // What was sent without encryption must not be taken for what comes with it.
    input.clear();
    consumed = 0;
    wait = SmtpWait::tls;
    event = StartTls{};
}

void SmtpServer::State::start_login(std::string_view argument) {
    if (!options.auth) return say_fault(not_implemented);
    if (!tls) return say_fault("538 5.7.11 encryption is required");
    if (!auth_user.empty()) return say_fault("503 5.5.1 already authenticated");
    go_on(login.start(argument));
}

void SmtpServer::State::go_on(SmtpLogin::Step step) {
    std::visit(
        policy::Overloaded{[this](const SmtpLogin::Say& prompt) {
                               say(prompt.line);
                               wait = SmtpWait::login_line;
                           },
                           [this](const SmtpLogin::Fail& fail) { say_fault(fail.line); },
                           [this](SmtpLogin::Complete& complete) {
                               user_to_prove = complete.user;
                               wait = SmtpWait::login_answer;
                               event = Credentials{std::move(complete.user), std::move(complete.password)};
                           }},
        step);
}

void SmtpServer::State::answer_login(bool valid) {
    wait = SmtpWait::command;
    if (valid) {
        auth_user = user_to_prove;
        return say("235 2.7.0 authenticated");
    }
    if (++failed_logins >= most_failed_logins) return close("421 4.7.0 too many failed logins");
    say("535 5.7.8 authentication failed");
}

void SmtpServer::State::forward(std::string_view argument) {
    if (const auto why_not = forwarded.update(argument)) return say_fault(*why_not);
    say("250 2.0.0 ok");
}

}  // namespace mailrota::wire
