#include "tests/rig/dovecot.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "tests/rig/connection.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace fs = std::filesystem;

namespace {

// Dovecot refuses to run mail processes as root or as a system user of its own.
constexpr std::string_view configuration = R"(protocols = lmtp
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
instance_name = {folder}
log_path = {folder}/dovecot.log
ssl = no
default_internal_user = dovecot
default_login_user = dovenull
first_valid_uid = 1
mail_location = maildir:~/Maildir
auth_username_format = %Ln
postmaster_address = postmaster@example.com
passdb {
  driver = passwd-file
  args = {folder}/users
}
userdb {
  driver = passwd-file
  args = {folder}/users
  default_fields = uid=mail gid=mail home={folder}/mail/%n
}
service lmtp {
  unix_listener lmtp {
    mode = 0666
  }
  inet_listener lmtp {
    port = {port}
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
)";

void replace(std::string& text, std::string_view name, const std::string& value) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
}

}  // namespace

Dovecot::Dovecot(std::vector<std::string> users, std::vector<std::string> settings) : port_(free_port()) {
    std::string known;
    for (const std::string& user : users) known += user + ":{PLAIN}unused::::::\n";
    write_file(folder_ / "users", known);
    folder_.make("mail", "mail", "mail");
    folder_.make("state");
    std::string text(configuration);
    replace(text, "{folder}", folder_.path());
    replace(text, "{port}", std::to_string(port_));
    for (const std::string& setting : settings) text += setting + "\n";
    write_file(folder_ / "dovecot.conf", text);
    start();
}

Dovecot::~Dovecot() {
    if (server_) server_->stop();
}

std::vector<std::string> Dovecot::mailbox(std::string_view user) const {
    std::vector<std::pair<fs::file_time_type, fs::path>> files;
    std::error_code none_yet;
    for (const auto& entry : fs::directory_iterator(folder_ / "mail" / user / "Maildir/new", none_yet))
        files.emplace_back(entry.last_write_time(), entry.path());
    std::sort(files.begin(), files.end());
    std::vector<std::string> mails;
    for (const auto& [time, path] : files) mails.push_back(read_file(path));
    return mails;
}

std::vector<std::string> Dovecot::wait_for_mail(std::string_view user, std::size_t count,
                                                std::chrono::milliseconds deadline) const {
    wait_until([&] { return mailbox(user).size() >= count; }, deadline);
    return mailbox(user);
}

void Dovecot::stop() { server_.reset(); }

void Dovecot::start() {
    Command command;
    command.argv = {"dovecot", "-F", "-c", folder_ / "dovecot.conf"};
    command.output = folder_ / "dovecot.out";
    server_.emplace(command);
    const bool up = wait_until([&] { return accepts("inet:127.0.0.1:" + std::to_string(port_)); },
                               std::chrono::seconds(20));
    if (!up)
        throw std::runtime_error("Dovecot does not serve: " + log() + read_file(folder_ / "dovecot.out"));
}

}  // namespace mailrota::rig
