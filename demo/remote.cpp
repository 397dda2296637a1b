#include "demo/remote.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "demo/stage.h"
#include "tests/rig/smtp_client.h"
#include "tests/rig/wait.h"

namespace mailrota::demo {

namespace {

constexpr const char* hidden_host = "app-7.internal.test";
constexpr const char* hidden_address = "10.20.30.40";
constexpr const char* other_host = "mail.example.net";
constexpr std::chrono::seconds patience{30};

rig::PostfixOptions of_the_other_host() {
    rig::PostfixOptions options;
    options.main_lines = {std::string("myhostname = ") + other_host};
    return options;
}

std::string configuration(const rig::TemporaryFolder& folder, int smtp_port, int web_port) {
    return fmt::format(R"(
hostname = "{}"

[store]
url = "sqlite:{}/state.db"

[control]
socket = "{{run}}/milter.ctl"

[listener.backend]
protocol = "smtp"
socket   = "inet:127.0.0.1:{}"

[box.out]
token = {{ file = "{}/token" }}

[web]
socket = "inet:127.0.0.1:{}"

[[rule]]
name = "everything leaves by the puller"
when.listener = "backend"
then = [{{ spool = "out" }}]
)",
                       hidden_host, folder.path().string(), smtp_port, folder.path().string(), web_port);
}

// A mail as a PHP application behind nullmailer sends it.
rig::MessageText from_the_application() {
    auto mail = rig::MessageText::fresh("Your order has been sent");
    mail.from = "shop@example.com";
    mail.to = "dana@example.com";
    mail.more = {{"Received", "(nullmailer pid 4711 invoked by uid 33);\n\tMon, 02 Mar 2026 09:00:00 -0000"},
                 {"X-PHP-Originating-Script", "33:checkout.php"},
                 {"X-Originating-IP", std::string("[") + hidden_address + "]"},
                 {"MIME-Version", "1.0"}};
    mail.body = "Twelve chairs are on their way.\n";
    return mail;
}

// The token stands there before the programs read it.
rig::TemporaryFolder with_token(rig::TemporaryFolder folder) {
    rig::write_file(folder / "token", "a-word-that-only-the-puller-knows\n");
    std::filesystem::permissions(folder / "token", std::filesystem::perms(0640));
    return folder;
}

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
    return found;
}

}  // namespace

Remote::Remote()
    : folder_(with_token(rig::TemporaryFolder())),
      smtp_port_(rig::free_port()),
      web_port_(rig::free_port()),
      other_host_(of_the_other_host()),
      lmtp_("mailrota-lmtp", configuration(folder_, smtp_port_, web_port_)),
      web_("mailrota-web", configuration(folder_, smtp_port_, web_port_)),
      mail_(from_the_application()) {}

void Remote::send() {
    end_if_asked();
    auto client = rig::SmtpClient::to_port(smtp_port_);
    client.hello(hidden_host);
    const auto sent = client.send_mail(mail_.from, {mail_.to}, mail_.text());
    if (!sent.accepted()) throw std::runtime_error("mailrota-lmtp did not take the mail:\n" + lmtp_.log());
}

void Remote::pull() {
    end_if_asked();
    const std::vector<std::string> arguments = {"pull",
                                                "--token-file",
                                                "token",
                                                "--done-list",
                                                "out.done",
                                                "--deliver",
                                                fmt::format("smtp:127.0.0.1:{}", other_host_.port()),
                                                fmt::format("http://127.0.0.1:{}/boxes/out", web_port_)};
    rig::Command command;
    command.argv = {rig::program("mailrota")};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.folder = folder_.path();
    auto result = rig::run(command);
    // What it says of its progress goes there.
    result.output += result.errors;
    show_command(arguments, result);
    const auto mails = other_host_.wait_for_mail("dana", 1, patience);
    if (mails.size() != 1) throw std::runtime_error("the mail did not arrive:\n" + other_host_.log());
    arrived_ = mails.front();
}

void Remote::run(const std::vector<std::string>& arguments) const {
    end_if_asked();
    show_command(arguments, lmtp_.mailrota(arguments));
}

const std::vector<std::string>& Remote::origin() {
    static const std::vector<std::string> words = {hidden_host, hidden_address, "nullmailer", "checkout.php",
                                                   "mailrota"};
    return words;
}

bool Remote::hides_origin(const std::string& text) {
    const auto named = [&text](const std::string& word) { return text.find(word) != std::string::npos; };
    const std::string ours = std::string("by ") + other_host;
    const std::string lines = "\n" + header_of(text);
    return std::ranges::none_of(origin(), named) && count(lines, "\nReceived: ") == 1 &&
           lines.find(ours, lines.find("\nReceived: ")) != std::string::npos;
}

std::string header_of(const std::string& text) { return text.substr(0, text.find("\n\n") + 1); }

}  // namespace mailrota::demo
