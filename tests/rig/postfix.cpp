#include "tests/rig/postfix.h"

#include <signal.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace fs = std::filesystem;

namespace {

/// A private instance without DNS, limits and waiting; {T} is its folder.
constexpr std::string_view main_template = R"(compatibility_level = 3.6
queue_directory = {T}/spool
data_directory = {T}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
multi_instance_name = postfix-{NAME}
multi_instance_enable = yes
maillog_file = {T}/log/mail.log
maillog_file_prefixes = {T}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.com
mydomain = example.com
myorigin = example.com
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_dns_support_level = disabled
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_client_message_rate_limit = 0
smtpd_client_recipient_rate_limit = 0
smtpd_client_event_limit_exceptions = 127.0.0.0/8
in_flow_delay = 0
smtputf8_enable = yes
smtpd_tls_security_level = none
smtp_tls_security_level = none
virtual_mailbox_domains = example.com
virtual_mailbox_base = {T}/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
mailbox_size_limit = 0
virtual_mailbox_limit = 0
default_process_limit = 50
milter_default_action = {ACTION}
smtpd_milters = {SMTPD_MILTERS}
non_smtpd_milters = {NON_SMTPD_MILTERS}
default_transport = {TRANSPORT}
relay_transport = {TRANSPORT}
)";

constexpr std::string_view master_template = R"(pickup    unix  n - n 60    1 pickup
cleanup   unix  n - n -     0 cleanup
qmgr      unix  n - n 300   1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n -     - trivial-rewrite
bounce    unix  - - n -     0 bounce
defer     unix  - - n -     0 bounce
trace     unix  - - n -     0 bounce
verify    unix  - - n -     1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n -     - proxymap
proxywrite unix - - n -     1 proxymap
smtp      unix  - - n -     - smtp
relay     unix  - - n -     - smtp
showq     unix  n - n -     - showq
error     unix  - - n -     - error
retry     unix  - - n -     - error
discard   unix  - - n -     - discard
local     unix  - n n -     - local
virtual   unix  - n n -     - virtual
lmtp      unix  - - n -     - lmtp
anvil     unix  - - n -     1 anvil
scache    unix  - - n -     1 scache
postlog   unix-dgram n - n - 1 postlogd
)";

std::string filled(std::string_view text, const std::map<std::string, std::string>& values) {
    std::string result(text);
    for (const auto& [name, value] : values)
        for (auto at = result.find(name); at != std::string::npos; at = result.find(name, at + value.size()))
            result.replace(at, name.size(), value);
    return result;
}

/// Postfix waits until main.cf has not changed for a second or two before it reads it; so make it look old.
void make_old(const fs::path& path) {
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::minutes(1));
}

/// Postfix names a maildir file by its second, so the order is taken from the file's own time.
std::vector<fs::path> by_time(const fs::path& folder) {
    std::vector<std::pair<fs::file_time_type, fs::path>> files;
    std::error_code none_yet;
    for (const auto& entry : fs::directory_iterator(folder, none_yet))
        files.emplace_back(entry.last_write_time(), entry.path());
    std::sort(files.begin(), files.end());
    std::vector<fs::path> result;
    for (auto& file : files) result.push_back(std::move(file.second));
    return result;
}

}  // namespace

Postfix::Postfix(PostfixOptions options) : options_(std::move(options)) {
    for (std::size_t i = 0; i < options_.listeners.size(); ++i) ports_.push_back(free_port());
    folder_.make("etc");
    folder_.make("log");
    folder_.make("mail", "nobody", "nogroup", 0700);
    folder_.make("data", "postfix", "", 0700);
    make_queue();
    for (const char* name : {"dynamicmaps.cf", "postfix-files"})
        fs::copy_file(fs::path("/etc/postfix") / name, config() / name);
    write_file(config() / "main.cf", main_cf());
    write_file(config() / "master.cf", master_cf());
    start();
}

/// The folders with the owners and modes of postfix-files(5), so that the slow `postfix check` need not make
/// them.
void Postfix::make_queue() const {
    folder_.make("spool");
    folder_.make("spool/pid");
    for (const char* name : {"active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming",
                             "private", "saved", "trace"})
        folder_.make(std::string("spool/") + name, "postfix", "", 0700);
    folder_.make("spool/public", "postfix", "postdrop", 0710);
    folder_.make("spool/maildrop", "postfix", "postdrop", 0730);
}

std::string Postfix::main_cf() const {
    const std::string transport =
        options_.relay_port ? "smtp:[127.0.0.1]:" + std::to_string(*options_.relay_port) : "discard:";
    std::string text = filled(main_template, {{"{T}", folder().string()},
                                              {"{NAME}", folder().filename().string()},
                                              {"{ACTION}", options_.milter_default_action},
                                              {"{SMTPD_MILTERS}", options_.smtpd_milters},
                                              {"{NON_SMTPD_MILTERS}", options_.non_smtpd_milters},
                                              {"{TRANSPORT}", transport}});
    if (!options_.aliases.empty()) text += "virtual_alias_maps = inline:{";
    for (const auto& [alias, targets] : options_.aliases) text += " { " + alias + " = " + targets + " }";
    if (!options_.aliases.empty()) text += " }\n";
    for (const auto& line : options_.main_lines) text += line + "\n";
    return text;
}

std::string Postfix::master_cf() const {
    std::string text(master_template);
    for (std::size_t i = 0; i < ports_.size(); ++i) {
        text += "127.0.0.1:" + std::to_string(ports_[i]) + " inet n - n - - smtpd\n";
        for (const auto& setting : options_.listeners[i]) text += "  -o { " + setting + " }\n";
    }
    for (const auto& line : options_.master_lines) text += line + "\n";
    return text;
}

/// master(8) runs as our child (-d), not through postfix(1), whose script sleeps for whole seconds.
void Postfix::start() {
    make_old(config() / "main.cf");
    const std::size_t seen = log().size();
    Command command;
    command.argv = {"/usr/lib/postfix/sbin/master", "-d", "-c", config()};
    command.environment = {"MAIL_CONFIG=" + config().string()};
    command.output = folder_ / "log/master.out";
    master_.emplace(command);
    const auto started = [&] { return log().find("daemon started", seen) != std::string::npos; };
    wait_until([&] { return started() || !master_->running(); });
    if (!started()) throw std::runtime_error("Postfix does not start:\n" + log() + read_file(command.output));
}

void Postfix::stop() { master_.reset(); }

void Postfix::reload() {
    make_old(config() / "main.cf");
    const std::size_t seen = log().size();
    master_->kill(SIGHUP);
    if (!wait_until([&] { return log().find("reload -- version", seen) != std::string::npos; }))
        throw std::runtime_error("Postfix does not reload:\n" + log());
}

void Postfix::set(const std::string& line) {
    std::ofstream file(config() / "main.cf", std::ios::app);
    file << line << '\n';
}

std::vector<std::string> Postfix::mailbox(std::string_view local_part) const {
    const std::string mark = "\nDelivered-To: " + std::string(local_part) + "@example.com\n";
    std::vector<std::string> result;
    for (const auto& path : by_time(folder_ / "mail/all/new")) {
        std::string text = read_file(path);
        const auto at = text.find("\nDelivered-To: ");
        if (text.compare(std::min(at, text.size()), mark.size(), mark) == 0)
            result.push_back(std::move(text));
    }
    return result;
}

std::vector<std::string> Postfix::wait_for_mail(std::string_view local_part, std::size_t count,
                                                std::chrono::milliseconds deadline) const {
    wait_until([&] { return mailbox(local_part).size() >= count; }, deadline);
    return mailbox(local_part);
}

std::size_t Postfix::delivered() const { return by_time(folder_ / "mail/all/new").size(); }

RunResult Postfix::sendmail(const std::string& sender, const std::vector<std::string>& recipients,
                            const std::string& text) const {
    Command command;
    command.argv = {"/usr/sbin/sendmail", "-C", config(), "-i", "-f", sender, "--"};
    command.argv.insert(command.argv.end(), recipients.begin(), recipients.end());
    return run(command, text);
}

bool Postfix::wait_for_log(std::string_view text, std::chrono::milliseconds deadline) const {
    return wait_until([&] { return log().find(text) != std::string::npos; }, deadline);
}

std::string Postfix::queue() const { return run_or_throw({"/usr/sbin/postqueue", "-c", config(), "-j"}); }

bool Postfix::wait_for_empty_queue(std::chrono::milliseconds deadline) const {
    return wait_until([this] { return queue().empty(); }, deadline);
}

void Postfix::flush() const { run_or_throw({"/usr/sbin/postqueue", "-c", config(), "-f"}); }

}  // namespace mailrota::rig
