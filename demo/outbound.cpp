#include "demo/outbound.h"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "demo/stage.h"
#include "tests/rig/message_text.h"
#include "tests/rig/smtp_client.h"
#include "tests/rig/wait.h"

namespace mailrota::demo {

namespace {

namespace fs = std::filesystem;

constexpr const char* sender = "shop@example.com";
constexpr std::chrono::seconds patience{30};

rig::PostfixOptions behind_providers() {
    rig::PostfixOptions options;
    options.main_lines = {"default_transport = lmtp:unix:mailrota/relay.sock"};
    return options;
}

void write_secret(const fs::path& file, const std::string& secret) {
    rig::write_file(file, secret + "\n");
    fs::permissions(file, fs::perms(0600));
}

std::string subject_of(const rig::FakeMail& mail) {
    const std::string name = "Subject: ";
    const auto at = mail.content.find(name);
    if (at == std::string::npos) return "";
    const auto from = at + name.size();
    return mail.content.substr(from, mail.content.find_first_of("\r\n", from) - from);
}

}  // namespace

Outbound::Outbound()
    : web_port_(rig::free_port()),
      postfix_(behind_providers()),
      lmtp_("mailrota-lmtp", configuration()),
      web_("mailrota-web", configuration()),
      worker_("mailrota-worker", configuration()) {}

std::string Outbound::configuration() const {
    const auto sockets = postfix_.folder() / "spool/mailrota";
    fs::create_directory(sockets);
    rig::give_to(sockets, "root", "postfix");
    fs::permissions(sockets, fs::perms(02750));
    write_secret(folder_ / "mailgun", fakes_.secret("mailgun"));
    write_secret(folder_ / "mailgun-webhook", fakes_.secret("mailgun", "webhook_key"));
    write_secret(folder_ / "sendgrid", fakes_.secret("sendgrid"));
    write_secret(folder_ / "sendgrid-webhook", fakes_.secret("sendgrid", "public_key"));
    return fmt::format(R"(
[store]
url = "sqlite:{0}/state.db"

[control]
socket = "{{run}}/milter.ctl"

[listener.relay]
protocol = "lmtp"
socket   = "unix:{1}/relay.sock"

[provider.mailgun]
kind     = "mailgun"
domain   = "example.com"
base_url = "{2}"
api_key  = {{ file = "{0}/mailgun" }}
webhook  = {{ secret = {{ file = "{0}/mailgun-webhook" }} }}

[provider.sendgrid]
kind     = "sendgrid"
base_url = "{3}"
api_key  = {{ file = "{0}/sendgrid" }}
webhook  = {{ secret = {{ file = "{0}/sendgrid-webhook" }} }}

[rota.outbound]
strategy = "failover"
members  = [{{ provider = "mailgun" }}, {{ provider = "sendgrid" }}]

[[rule]]
name = "outgoing"
when.listener = "relay"
then = [{{ relay = "outbound" }}]

[web]
socket = "inet:127.0.0.1:{4}"

[worker]
submit = "smtp:127.0.0.1:{5}"
)",
                       folder_.path().string(), sockets.string(), fakes_.base_url("mailgun"),
                       fakes_.base_url("sendgrid"), web_port_, postfix_.port());
}

rig::FakeMail Outbound::send(const std::string& recipient, const std::string& subject) {
    end_if_asked();
    auto mail = rig::MessageText::fresh(subject);
    mail.from = sender;
    mail.to = recipient;
    const auto taken = rig::SmtpClient::to_port(postfix_.port()).send_mail(sender, {recipient}, mail.text());
    if (!taken.accepted()) throw std::runtime_error("Postfix did not take the mail:\n" + postfix_.log());
    const auto arrived = fakes_.wait_for_mail(recipient, 1, patience);
    if (arrived.empty()) throw std::runtime_error("no provider got the mail:\n" + lmtp_.log());
    return arrived.back();
}

void Outbound::break_first() {
    rig::FakeFault fault;
    fault.fault = "suspended";
    fault.provider = "mailgun";
    fakes_.fail(fault);
}

std::string Outbound::bounce(const rig::FakeMail& mail) {
    end_if_asked();
    rig::FakeEvent event;
    event.type = "bounced";
    event.our_id = mail.our_id;
    event.message_id = mail.id;
    event.recipient = mail.recipient;
    event.words = "550 5.1.1 User not found";
    rig::FakeEvents batch;
    batch.provider = mail.provider;
    batch.events = {event};
    batch.url = fmt::format("http://127.0.0.1:{}/hook/{}", web_port_, mail.provider);
    const auto posts = fakes_.emit(batch);
    if (posts.empty() || posts.front().status != 200)
        throw std::runtime_error("mailrota-web did not take the event:\n" + web_.log());
    const auto told = postfix_.wait_for_mail("shop", 1, patience);
    if (told.empty()) throw std::runtime_error("the sender was not told:\n" + worker_.log());
    return told.front();
}

void Outbound::run(const std::vector<std::string>& arguments) const {
    end_if_asked();
    show_command(arguments, lmtp_.mailrota(arguments));
}

std::string table(const std::vector<rig::FakeMail>& mails) {
    std::string text;
    for (const auto& mail : mails)
        text += fmt::format("  {:<24} {:<22} through {}\n", subject_of(mail), mail.recipient, mail.provider);
    return text;
}

}  // namespace mailrota::demo
