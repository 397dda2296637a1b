#include "demo/oncall.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "demo/stage.h"
#include "tests/rig/smtp_client.h"
#include "tests/rig/wait.h"

namespace mailrota::demo {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr const char* ann = "+15550100101";
constexpr const char* ben = "+15550100102";
constexpr std::chrono::seconds patience{30};
constexpr std::chrono::seconds until_next_call{8};

// What all three programs read.
constexpr const char* common = R"(
[store]
url = "sqlite:{0}/state.db"

[control]
socket = "{{run}}/milter.ctl"

[web]
socket = "inet:127.0.0.1:{1}"

[telephone.twilio]
account    = "{2}"
user       = "{3}"
secret     = {{ file = "{0}/twilio-key" }}
auth_token = {{ file = "{0}/twilio-token" }}
from       = "+15550100100"
base_url   = "{4}"

[calls]
public_url = "https://mail.example.com/call"
ring       = "5s"

[rota.oncall]
members = [{{ phone = "+15550100101", name = "Ann" }}]

[rota.backup]
members = [{{ phone = "+15550100102", name = "Ben" }}]

[rota.lead]
members = [{{ phone = "+15550100103", name = "Cho" }}]

[alert.emergency]
say      = "Emergency ticket {{ticket}}, project {{project}}, raised by {{who}}."
key      = "{{ticket}}"
escalate = [
    {{ rota = "oncall", tries = 1, wait = "8s", redial = "1s" }},
    {{ rota = "backup", tries = 2, wait = "8s", redial = "1s" }},
    {{ rota = "lead",   tries = 2, wait = "8s", redial = "1s" }},
]

[[rule]]
name = "redmine emergency"
when.header.X-Redmine-Issue-Id = '/^(?<ticket>\d+)$/'
when.header.X-Redmine-Project  = '/^(?<project>.+)$/'
when.all = [
    {{ body = '/^Issue #\d+ has been updated by (?<who>.+)\.$/m' }},
    {{ body = '/^\W*Priority changed from .+ to Emergency \(Critical\)/m' }},
]
then = [{{ alert = "emergency" }}]
)";

void write_secret(const fs::path& file, const std::string& secret) {
    rig::write_file(file, secret + "\n");
    fs::permissions(file, fs::perms(0600));
}

rig::PostfixOptions with_milter(const rig::MailrotaMilter& milter) {
    rig::PostfixOptions options;
    options.smtpd_milters = milter.socket_for_postfix();
    return options;
}

std::vector<std::string> rehearsal() {
    return {"alert",       "test",  "emergency",       "Volume is empty", "--set",
            "ticket=4711", "--set", "project=archive", "--set",           "who=Lena Orth"};
}

std::string original(const std::string& sent, const std::string& text) {
    return "\n-----Original Message-----\nFrom: Redmine [mailto:redmine@example.com]\nSent: Friday, November "
           "20, 2026 " +
           sent + "\nTo: ops@example.com\nSubject: [archive - Support #4711] Volume is empty\n\n" + text;
}

std::string shown(const rig::FakeCall& call) {
    const auto name = call.to == ann ? "Ann" : call.to == ben ? "Ben" : "Cho";
    if (call.spoken.empty()) return fmt::format("  call to {} {}: {}\n", name, call.to, call.status);
    std::string text = fmt::format("  call to {} {}: {}, which says\n", name, call.to, call.status);
    for (const auto& one : call.spoken) text += "      \"" + one.text + "\"\n";
    return text + fmt::format("    keys pressed: {}\n", fmt::join(call.digits, " "));
}

}  // namespace

OnCall::OnCall()
    : web_port_(rig::free_port()),
      milter_("[listener.inbound]\nsocket = \"{socket}\"\n" + configuration()),
      web_("mailrota-web", configuration()),
      worker_("mailrota-worker", configuration()),
      postfix_(with_milter(milter_)) {
    rig::FakePhoneAccount account;
    account.speed = 20;
    account.routes = {{"https://mail.example.com", fmt::format("http://127.0.0.1:{}", web_port_)}};
    twilio_.set(account);
    twilio_.script(ann, {{.end = "no-answer"}});
    twilio_.script(ben, {{.ring = 3, .digits = {"1"}, .press_after = 12}});
}

std::string OnCall::configuration() const {
    write_secret(folder_ / "twilio-key", twilio_.key_secret());
    write_secret(folder_ / "twilio-token", twilio_.auth_token());
    return fmt::format(common, folder_.path().string(), web_port_, twilio_.account_sid(), twilio_.key_sid(),
                       twilio_.base_url());
}

std::vector<rig::MessageText> OnCall::thread() const {
    const std::string updated = "Issue #4711 has been updated by ";
    const std::vector<std::pair<std::string, std::string>> answers = {
        {"8:15 AM", "Rolf Imhoff.\n\nIs /vol3 mounted there at all?\n"},
        {"8:37 AM", "Rolf Imhoff.\n\nIt was never in fstab. I have mounted it by hand.\n"},
        {"8:44 AM", "Rolf Imhoff.\n\nNow it is in fstab, too.\n"}};
    auto mail = rig::MessageText::fresh("[archive - Support #4711] Volume is empty");
    mail.from = "redmine@example.com";
    mail.to = "ops@example.com";
    mail.more = {{"X-Redmine-Issue-Id", "4711"}, {"X-Redmine-Project", "archive"}};
    mail.body = updated +
                "Lena Orth.\n\nPriority changed from Medium to Emergency (Critical)\n\nNothing is left on "
                "/vol3.\n";
    std::vector<rig::MessageText> mails = {mail};
    for (const auto& [sent, text] : answers) {
        mail.message_id = rig::MessageText::fresh().message_id;
        mail.body = updated + text + original(sent, mail.body);
        mails.push_back(mail);
    }
    return mails;
}

void OnCall::send(const rig::MessageText& mail) {
    end_if_asked();
    const auto taken = rig::SmtpClient::to_port(postfix_.port()).send_mail(mail.from, {mail.to}, mail.text());
    if (!taken.accepted()) throw std::runtime_error("Postfix did not take the mail:\n" + milter_.log());
    ++sent_;
    if (postfix_.wait_for_mail("ops", sent_, patience).size() < sent_)
        throw std::runtime_error("the mail did not arrive:\n" + postfix_.log());
    const auto first = mail.body.find("\n\n") + 2;
    std::cout << fmt::format("  mail {}: {}{}\n", sent_,
                             mail.body.substr(first, mail.body.find('\n', first) - first),
                             sent_ == 1 ? "" : " (and all that was said before)")
              << std::flush;
}

void OnCall::hear(std::size_t calls) {
    end_if_asked();
    const auto ended = twilio_.wait_for_ended_calls(calls, patience);
    if (ended.size() < calls) throw std::runtime_error("nobody was called:\n" + worker_.log() + web_.log());
    for (; heard_ < calls; ++heard_) std::cout << shown(ended[heard_]) << std::flush;
}

void OnCall::show_plan() { run(rehearsal()); }

void OnCall::show_what_was_stopped() {
    end_if_asked();
    const auto calls = twilio_.wait_for_calls(
        heard_ + 1, [](const rig::FakeCall&) { return true; }, until_next_call);
    auto question = rehearsal();
    question.emplace_back("--json");
    const auto foreseen = milter_.mailrota(question);
    if (foreseen.exit_code != 0) throw std::runtime_error(foreseen.errors);
    const auto plan = json::parse(foreseen.output);
    std::size_t call = 0;
    for (const auto& step : plan.at("timeline").as_array()) {
        if (step.as_object().contains("number") && ++call > calls.size())
            std::cout << "  " << step.at("text").as_string().c_str() << '\n';
    }
    std::cout << std::flush;
}

void OnCall::run(const std::vector<std::string>& arguments) const {
    end_if_asked();
    show_command(arguments, milter_.mailrota(arguments));
}

bool OnCall::as_promised() const {
    const auto calls = twilio_.calls();
    if (calls.size() != 2 || postfix_.mailbox("ops").size() != 4 || !twilio_.notices().empty()) return false;
    const auto& [in_vain, answered] = std::pair(calls[0], calls[1]);
    return in_vain.to == ann && in_vain.status == "no-answer" && answered.to == ben &&
           answered.digits == std::vector<std::string>{"1"} &&
           answered.words().find("raised by Lena Orth") != std::string::npos &&
           answered.words().find("Acknowledged") != std::string::npos;
}

}  // namespace mailrota::demo
