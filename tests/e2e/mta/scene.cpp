#include "tests/e2e/mta/scene.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "tests/rig/wait.h"

namespace mailrota::e2e {

using std::chrono::seconds;

namespace {

constexpr auto patience = seconds(30);

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

// A bounce has the mail's own header as well, but in its body.
bool is_of(const std::string& text, const rig::MessageText& mail) {
    return text.find("\nMessage-ID: " + mail.message_id) < text.find("\n\n");
}

}  // namespace

const std::vector<std::string>& Scene::users() {
    static const std::vector<std::string> all = {"ann",    "ben",     "cho",   "dan",   "office",
                                                 "sender", "reports", "never", "plain", "told"};
    return all;
}

Scene::Scene(SceneOptions options)
    : lmtp_port_(rig::free_port()), socket_(options.socket.empty() ? folder_ / "lmtp.sock" : options.socket) {
    if (options.next_hop.empty()) {
        dovecot_.emplace(users());
        options.next_hop = "lmtp:unix:" + dovecot_->socket().string();
    }
    postfix_.emplace(postfix_options(options));
    configuration_ = make_configuration(options);
    lmtp_.emplace("mailrota-lmtp", configuration_);
    if (options.with_worker) worker_.emplace("mailrota-worker", configuration_);
}

std::string Scene::make_configuration(const SceneOptions& options) const {
    const std::string socket =
        options.by_inet ? "inet:127.0.0.1:" + std::to_string(lmtp_port_) : "unix:" + socket_.string();
    const std::string mode = options.by_inet ? "" : "socket_mode = \"0666\"\n";
    const std::string again = "smtp:127.0.0.1:" + std::to_string(postfix_->port(1));
    const std::string store =
        options.store.empty() ? "sqlite:" + (folder_ / "state.db").string() : options.store;
    return "hostname = \"rota.example.com\"\n[control]\nsocket = \"{run}/milter.ctl\"\n[store]\nbusy = "
           "\"25s\"\nurl = " +
           quoted(store) + "\n[listener.mailbox]\nprotocol = \"lmtp\"\nsocket = " + quoted(socket) + "\n" +
           mode + "next_hop = " + quoted(options.next_hop) + "\nreinject = " + quoted(again) + "\n" +
           options.listener + "\n[worker]\nsubmit = " + quoted(again) + "\n" + options.policy;
}

rig::PostfixOptions Scene::postfix_options(const SceneOptions& options) const {
    rig::PostfixOptions result;
    result.listeners = {
        options.milter_on_first_listener,
        {"syslog_name=postfix/reinject", "smtpd_milters=", "smtpd_authorized_xforward_hosts=127.0.0.0/8"}};
    const std::string straight = options.by_inet ? "lmtp:inet:127.0.0.1:" + std::to_string(lmtp_port_)
                                                 : "lmtp:unix:" + socket_.string();
    result.main_lines = {
        "virtual_transport = " + (options.transport_to.empty() ? straight : options.transport_to),
        "enable_long_queue_ids = yes"};
    result.main_lines.insert(result.main_lines.end(), options.main.begin(), options.main.end());
    return result;
}

void Scene::send(const rig::MessageText& mail, const std::vector<std::string>& recipients,
                 std::string_view sender) const {
    const auto sent = rig::SmtpClient::to_port(postfix_->port()).send_mail(sender, recipients, mail.text());
    if (!sent.accepted()) throw std::runtime_error("Postfix takes no mail:\n" + logs());
}

std::vector<std::string> Scene::arrivals(const rig::MessageText& mail) const {
    if (!postfix_->wait_for_empty_queue(patience)) return {"still queued"};
    std::vector<std::string> result;
    for (const auto& user : users())
        for (const auto& text : dovecot_->mailbox(user))
            if (is_of(text, mail)) result.push_back(user);
    return result;
}

std::string Scene::delivered(const rig::MessageText& mail, std::string_view user) const {
    for (const auto& text : dovecot_->mailbox(user))
        if (is_of(text, mail)) return text;
    return {};
}

std::string Scene::deferred() const {
    std::string queue;
    rig::wait_until(
        [&] {
            queue = postfix_->queue();
            return !queue.empty() && queue.find("\"active\"") == std::string::npos &&
                   queue.find("\"incoming\"") == std::string::npos;
        },
        patience);
    return queue;
}

bool Scene::flushed() const {
    for (auto tries = 0; tries < 20; ++tries) {
        postfix_->flush();
        if (postfix_->wait_for_empty_queue(seconds(2))) return true;
    }
    return false;
}

std::string Scene::reports(std::string_view sender, std::size_t count) const {
    std::string all;
    for (const auto& report : dovecot_->wait_for_mail(sender, count, patience)) all += report + "\n";
    return all;
}

std::string Scene::logs() const {
    return postfix_->log() + (lmtp_ ? lmtp_->log() : "") + (worker_ ? worker_->log() : "") +
           (dovecot_ ? dovecot_->log() : "");
}

}  // namespace mailrota::e2e
