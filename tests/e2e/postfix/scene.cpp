#include "tests/e2e/postfix/scene.h"

#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "tests/rig/connection.h"
#include "tests/rig/wait.h"

namespace mailrota::e2e {

namespace {

constexpr std::string_view surroundings = R"([store]
url  = "sqlite:{folder}/state.db"
busy = "25s"
[listener.inbound]
protocol = "milter"
socket   = "{socket}"
[control]
socket = "{folder}/milter.ctl"
)";

rig::PostfixOptions with_milter(const rig::MailrotaMilter& milter, rig::PostfixOptions options) {
    options.smtpd_milters = milter.socket_for_postfix();
    options.non_smtpd_milters = milter.socket_for_postfix();
    return options;
}

std::string after(const std::string& text, std::string_view mark, char end) {
    const auto at = text.find(mark);
    if (at == std::string::npos) return {};
    const auto begin = at + mark.size();
    return text.substr(begin, text.find(end, begin) - begin);
}

// What the mail is known by in a mailbox.
std::string mark_of(const rig::MessageText& mail) {
    return mail.message_id.empty() ? "\nSubject: " + mail.subject + "\n"
                                   : "\nMessage-ID: " + mail.message_id + "\n";
}

}  // namespace

Scene::Scene(std::string_view policy, rig::PostfixOptions options)
    : milter_(configuration(policy)), postfix_(with_milter(milter_, std::move(options))) {
    // The socket is there before the store is.
    if (!milter_.wait_for_log(" started ")) throw std::runtime_error("no milter:\n" + milter_.log());
}

std::string Scene::configuration(std::string_view policy) {
    return std::string(surroundings) + std::string(policy);
}

rig::SmtpTransaction Scene::send(const rig::MessageText& mail, const std::vector<std::string>& recipients,
                                 std::string_view sender, std::size_t listener) {
    return rig::SmtpClient::to_port(postfix_.port(listener)).send_mail(sender, recipients, mail.text());
}

std::vector<std::string> Scene::arrivals(const rig::MessageText& mail) const {
    if (!postfix_.wait_for_empty_queue()) return {"still queued"};
    std::vector<std::string> result;
    std::error_code none_yet;
    for (const auto& file :
         std::filesystem::directory_iterator(postfix_.folder() / "mail/all/new", none_yet)) {
        const auto text = rig::read_file(file.path());
        if (text.find(mark_of(mail)) == std::string::npos) continue;
        auto local_part = after(text, "\nDelivered-To: ", '@');
        std::transform(local_part.begin(), local_part.end(), local_part.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        result.push_back(std::move(local_part));
    }
    std::sort(result.begin(), result.end());
    return result;
}

std::vector<std::string> Scene::arrivals_after_sending(const rig::MessageText& mail,
                                                       const std::vector<std::string>& recipients,
                                                       std::string_view sender) {
    const auto sent = send(mail, recipients, sender);
    if (sent.accepted()) return arrivals(mail);
    for (const auto& reply : sent.results) return {"answered " + reply.text};
    return {"refused " + (sent.rcpts.empty() ? sent.mail.text : sent.rcpts.back().text)};
}

std::string Scene::delivered(const rig::MessageText& mail, std::string_view local_part) const {
    for (const auto& text : postfix_.mailbox(local_part))
        if (text.find(mark_of(mail)) != std::string::npos) return text;
    return {};
}

bool Scene::settling(int mails) const {
    return rig::wait_until([&] {
        auto control = rig::Connection::to_path(milter_.folder() / "milter.ctl");
        control.write("metrics\n");
        const auto wanted = "mailrota_eom_in_progress " + std::to_string(mails);
        bool found = false;
        for (auto line = control.read_line(); line; line = control.read_line())
            found = found || *line == wanted;
        return found;
    });
}

std::string Scene::logs() const { return postfix_.log() + milter_.log(); }

DatabaseLock::DatabaseLock(const rig::MailrotaMilter& milter) {
    sqlite3_open((milter.folder() / "state.db").c_str(), &database_);
    sqlite3_busy_timeout(database_, 10'000);
    if (sqlite3_exec(database_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) != SQLITE_OK)
        throw std::runtime_error(std::string("cannot lock the database: ") + sqlite3_errmsg(database_));
}

DatabaseLock::~DatabaseLock() { sqlite3_close(database_); }

}  // namespace mailrota::e2e
