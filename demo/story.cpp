#include "demo/story.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>
#include <iostream>
#include <stdexcept>

#include "demo/stage.h"
#include "tests/rig/message_text.h"
#include "tests/rig/smtp_client.h"
#include "tests/rig/wait.h"

namespace mailrota::demo {

namespace {

constexpr const char* configuration = R"(
[store]
url = "sqlite:{folder}/state.db"

[listener.inbound]
protocol = "milter"
socket   = "{socket}"

[control]
socket = "{folder}/milter.ctl"

[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com", "ben@example.com", "cho@example.com"]
sticky    = { by = "thread", for = "30d" }
)";

const std::vector<std::string> mailboxes = {"ann", "ben", "cho", "orders"};

rig::PostfixOptions with_milter(const rig::MailrotaMilter& milter) {
    rig::PostfixOptions options;
    options.smtpd_milters = milter.socket_for_postfix();
    options.non_smtpd_milters = milter.socket_for_postfix();
    return options;
}

}  // namespace

Story::Story() : milter_(configuration), postfix_(with_milter(milter_)) {}

void Story::order(const std::string& sender, const std::string& subject, const std::string& note) {
    auto mail = rig::MessageText::fresh(subject);
    mail.from = sender;
    send(mail, note);
}

void Story::reply_to(int number, const std::string& sender) {
    auto mail = rig::MessageText::reply_to(mails_.at(static_cast<std::size_t>(number - 1)));
    mail.from = sender;
    send(mail, fmt::format("answers no. {}", number));
}

void Story::send(const rig::MessageText& mail, const std::string& note) {
    end_if_asked();
    const auto before = postfix_.delivered();
    auto client = rig::SmtpClient::to_port(postfix_.port());
    const auto sent = client.send_mail(mail.from, {"orders@example.com"}, mail.text());
    if (!sent.accepted()) throw std::runtime_error("Postfix did not take the mail:\n" + milter_.log());
    if (!rig::wait_until([&] { return postfix_.delivered() > before; }))
        throw std::runtime_error("the mail did not arrive:\n" + postfix_.log());
    Told told;
    told.number = static_cast<int>(messages_.size()) + 1;
    told.sender = mail.from;
    told.subject = mail.subject;
    told.message_id = mail.message_id;
    told.note = note;
    messages_.push_back(told);
    mails_.push_back(mail);
    std::cout << fmt::format("  {:2}  {:<22} {}\n", told.number, told.sender, told.subject) << std::flush;
}

void Story::run(const std::vector<std::string>& arguments) {
    end_if_asked();
    show_command(arguments, milter_.mailrota(arguments));
}

std::map<std::string, std::string> Story::reasons() const {
    const auto history = milter_.mailrota({"rota", "history", "orders", "--limit", "100", "--json"});
    if (history.exit_code != 0) throw std::runtime_error(history.errors);
    std::map<std::string, std::string> found;
    const auto turns = boost::json::parse(history.output);
    for (const auto& turn : turns.as_array())
        found[std::string(turn.at("message_id").as_string())] = std::string(turn.at("reason").as_string());
    return found;
}

std::vector<Told> Story::told() {
    auto messages = messages_;
    const auto why = reasons();
    for (auto& message : messages) {
        const auto bare = message.message_id.substr(1, message.message_id.size() - 2);
        for (const auto& [id, reason] : why)
            if (id.find(bare) != std::string::npos) message.why = reason;
        for (const auto& mailbox : mailboxes)
            for (const auto& text : postfix_.mailbox(mailbox))
                if (text.find("\nMessage-ID: " + message.message_id) != std::string::npos)
                    message.arrived.push_back(mailbox);
    }
    return messages;
}

bool Story::each_once(const std::vector<Told>& messages) {
    for (const auto& message : messages)
        if (message.arrived.size() != 1 || message.arrived.front() == "orders") return false;
    return !messages.empty();
}

std::string table(const std::vector<Told>& messages) {
    std::string text = fmt::format("  {:>2}  {:<24} {:<18} {}\n", "no", "message", "chosen colleague", "why");
    for (const auto& message : messages) {
        const auto arrived =
            message.arrived.empty() ? "nobody" : fmt::format("{}", fmt::join(message.arrived, ", "));
        const auto note = message.note.empty() ? "" : ": " + message.note;
        text += fmt::format("  {:>2}  {:<24} {:<18} {}{}\n", message.number, message.subject, arrived,
                            message.why, note);
    }
    return text;
}

}  // namespace mailrota::demo
