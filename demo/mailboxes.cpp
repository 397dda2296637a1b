#include "demo/mailboxes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <stdexcept>

#include "demo/stage.h"
#include "tests/rig/smtp_client.h"
#include "tests/rig/wait.h"

namespace mailrota::demo {

namespace {

constexpr const char* rota = "orders@example.com";
constexpr std::chrono::seconds patience{30};

rig::SmtpSinkOptions by_lmtp() {
    rig::SmtpSinkOptions options;
    options.lmtp = true;
    return options;
}

rig::PostfixOptions with_transport(const rig::TemporaryFolder& sockets) {
    rig::PostfixOptions options;
    options.listeners = {{}, {"smtpd_authorized_xforward_hosts=127.0.0.0/8"}};
    options.main_lines = {"virtual_transport = lmtp:unix:" + (sockets / "lmtp.sock").string(),
                          "lmtp_send_xforward_command = yes"};
    return options;
}

std::string configuration(const rig::TemporaryFolder& sockets, const rig::SmtpSink& next_hop, int reinject) {
    return fmt::format(R"(
[store]
url = "sqlite:{{folder}}/state.db"

[control]
socket = "{{run}}/milter.ctl"

[listener.mailbox]
protocol    = "lmtp"
socket      = "unix:{}"
socket_mode = "0666"
next_hop    = "{}"
reinject    = "smtp:127.0.0.1:{}"

[rota.orders]
addresses = ["{}"]
members   = ["ann@example.com", "ben@example.com", "cho@example.com"]
)",
                       (sockets / "lmtp.sock").string(), next_hop.endpoint(), reinject, rota);
}

bool is_of(const rig::SinkMail& mail, const rig::MessageText& sent) {
    return mail.content.find("\nMessage-ID: " + sent.message_id) != std::string::npos;
}

}  // namespace

Mailboxes::Mailboxes()
    : mailbox_server_(by_lmtp()),
      postfix_(with_transport(sockets_)),
      lmtp_("mailrota-lmtp", configuration(sockets_, mailbox_server_, postfix_.port(1))) {}

void Mailboxes::send(const std::string& recipient, const std::string& subject) {
    end_if_asked();
    auto mail = rig::MessageText::fresh(subject);
    mail.from = "dana@customer.test";
    mail.to = recipient;
    auto client = rig::SmtpClient::to_port(postfix_.port());
    if (!client.send_mail(mail.from, {recipient}, mail.text()).accepted())
        throw std::runtime_error("Postfix did not take the mail:\n" + postfix_.log());
    const auto there = [&] {
        return std::ranges::any_of(mailbox_server_.mails(),
                                   [&](const auto& got) { return is_of(got, mail); });
    };
    if (!rig::wait_until(there, patience) || !postfix_.wait_for_empty_queue(patience))
        throw std::runtime_error("the mail did not arrive:\n" + postfix_.log() + lmtp_.log());
    sent_.push_back(mail);
    std::cout << fmt::format("  to {:<20} {}\n", recipient, subject) << std::flush;
}

std::vector<Mailboxes::Arrived> Mailboxes::arrived() const {
    std::vector<Arrived> found;
    for (const auto& mail : sent_) {
        Arrived one{mail.subject, mail.to, {}, false};
        for (const auto& got : mailbox_server_.mails()) {
            if (!is_of(got, mail)) continue;
            for (const auto& argument : got.recipients)
                one.recipients.push_back(argument.substr(1, argument.find('>') - 1));
            one.came_back = got.content.find("\nX-Mailrota-Trace: ") != std::string::npos;
        }
        found.push_back(std::move(one));
    }
    return found;
}

bool Mailboxes::as_promised(const std::vector<Arrived>& mails) {
    const auto well = [](const Arrived& mail) {
        if (mail.recipients.size() != 1) return false;
        const bool of_the_rota = mail.sent_to == rota;
        const bool same = mail.recipients.front() == mail.sent_to;
        return of_the_rota ? mail.came_back && !same : same && !mail.came_back;
    };
    return !mails.empty() && std::ranges::all_of(mails, well);
}

std::string table(const std::vector<Mailboxes::Arrived>& mails) {
    std::string text = fmt::format("  {:<24} {:<20} {:<18} {}\n", "message", "sent to", "mailbox", "way");
    for (const auto& mail : mails)
        text += fmt::format(
            "  {:<24} {:<20} {:<18} {}\n", mail.subject, mail.sent_to,
            mail.recipients.empty() ? "none" : fmt::format("{}", fmt::join(mail.recipients, ", ")),
            mail.came_back ? "back into Postfix with its new recipient, then the next hop" : "the next hop");
    return text;
}

}  // namespace mailrota::demo
