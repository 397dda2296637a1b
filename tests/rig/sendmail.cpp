#include "tests/rig/sendmail.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "tests/rig/connection.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace fs = std::filesystem;

namespace {

/// Delivers to any local part without an account: deliver.sh writes one file per message and recipient.
constexpr std::string_view main_template = R"(divert(-1)
include(`{ROOT}/usr/share/sendmail/cf/m4/cf.m4')
divert(0)
VERSIONID(`mailrota test')
OSTYPE(`linux')
define(`confDOMAIN_NAME', `mx.example.com')
LOCAL_DOMAIN(`example.com')
MASQUERADE_AS(`example.com')
define(`QUEUE_DIR', `{T}/queue')
define(`ALIAS_FILE', `{T}/aliases')
define(`confPID_FILE', `{T}/sendmail.pid')
define(`STATUS_FILE', `{T}/statistics')
define(`HELP_FILE', `{ROOT}/etc/mail/helpfile')
define(`confSERVICE_SWITCH_FILE', `{T}/service.switch')
define(`confHOSTS_FILE', `/etc/hosts')
define(`confTO_IDENT', `0')
define(`confDONT_BLAME_SENDMAIL', `GroupWritableDirPathSafe')
define(`confDONT_PROBE_INTERFACES', `True')
define(`confLOG_LEVEL', `14')
define(`confQUEUE_LA', `1000')
define(`confREFUSE_LA', `1000')
FEATURE(`no_default_msa')
FEATURE(`nocanonify')
FEATURE(`accept_unresolvable_domains')
FEATURE(`promiscuous_relay')
undefine(`LOCAL_MAILER_PATH')undefine(`LOCAL_MAILER_ARGS')undefine(`LOCAL_MAILER_FLAGS')dnl
define(`LOCAL_MAILER_PATH', `/bin/sh')
define(`LOCAL_MAILER_ARGS', `sh {T}/deliver.sh {T}/mail $u')
define(`_DEF_LOCAL_MAILER_FLAGS', `lsDFMAq')
define(`LOCAL_MAILER_FLAGS', `PSn')
define(`SMART_HOST', `{SMART_HOST}')
define(`RELAY_MAILER_ARGS', `TCP $h {RELAY_PORT}')
DAEMON_OPTIONS(`Port={PORT}, Addr=127.0.0.1, Name=MTA{INPUT}')
{MILTER}
{MORE}
MAILER(`local')
MAILER(`smtp')
MAILER_DEFINITIONS
Mswallow, P=/bin/sh, F=lsDFMmq, A=sh {T}/swallow.sh $u
)";

constexpr std::string_view submit_template = R"(divert(-1)
include(`{ROOT}/usr/share/sendmail/cf/m4/cf.m4')
divert(0)
VERSIONID(`mailrota test submission')
define(`confCF_VERSION', `Submit')
OSTYPE(`linux')
define(`confDOMAIN_NAME', `mx.example.com')
define(`MSP_QUEUE_DIR', `{T}/submit-queue')
define(`MSP_STATUS_FILE', `{T}/statistics')
define(`confPID_FILE', `{T}/submit.pid')
define(`confSERVICE_SWITCH_FILE', `{T}/service.switch')
define(`confTO_IDENT', `0')
define(`confRUN_AS_USER', `mail:mail')
define(`confTRUSTED_USER', `mail')
define(`confUSE_MSP', `True')
define(`RELAY_MAILER_ARGS', `TCP $h {PORT}')
FEATURE(`use_ct_file')undefine(`_USE_CT_FILE_')
FEATURE(`msp', `[127.0.0.1]')
)";

constexpr std::string_view deliver_script = R"(set -eu
mkdir -p "$1/$2"
new=$(mktemp "$1/new.XXXXXX")
cat > "$new"
mv "$new" "$1/$2/$(date +%s%N).$$"
)";

/// Gives the daemon a host name with a dot (it waits a minute for one otherwise) and a /dev/log of ours.
/// Arguments: the folder, then the command.
constexpr std::string_view enter_script = R"(set -eu
hostname mx.example.com
mount -t tmpfs -o mode=755 rig "$1/dev"
mknod -m 666 "$1/dev/null" c 1 3
mknod -m 666 "$1/dev/zero" c 1 5
mknod -m 666 "$1/dev/random" c 1 8
mknod -m 666 "$1/dev/urandom" c 1 9
ln -s "$1/syslog" "$1/dev/log"
mount --bind "$1/dev" /dev
shift
exec "$@"
)";

fs::path sendmail_root() {
    const char* given = std::getenv("MAILROTA_SENDMAIL_ROOT");
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const fs::path root = given != nullptr
                              ? fs::path(given)
                              : fs::path(cache != nullptr ? cache : "/var/cache") / "mailrota-tests/sendmail";
    if (fs::exists(root / "usr/libexec/sendmail/sendmail")) return root;
    throw std::runtime_error("Sendmail is not unpacked in " + root.string() +
                             "; run `tools/install-dependencies test` or set MAILROTA_SENDMAIL_ROOT");
}

std::string filled(std::string_view text, const std::vector<std::pair<std::string, std::string>>& values) {
    std::string result(text);
    for (const auto& [name, value] : values)
        for (auto at = result.find(name); at != std::string::npos; at = result.find(name, at + value.size()))
            result.replace(at, name.size(), value);
    return result;
}

std::vector<fs::path> sorted_files(const fs::path& folder) {
    std::vector<fs::path> result;
    std::error_code none_yet;
    for (const auto& entry : fs::directory_iterator(folder, none_yet)) result.push_back(entry.path());
    std::sort(result.begin(), result.end());
    return result;
}

}  // namespace

Sendmail::Sendmail(SendmailOptions options) : options_(std::move(options)), port_(free_port()) {
    folder_.make("queue", "root", "root", 0700);
    folder_.make("submit-queue", "mail", "mail", 0700);
    folder_.make("mail");
    folder_.make("dev");
    write_file(folder_ / "service.switch", "hosts files\naliases files\npasswd files\n");
    write_file(folder_ / "deliver.sh", deliver_script);
    write_file(folder_ / "swallow.sh", "exec cat >/dev/null\n");
    write_file(folder_ / "enter.sh", enter_script);
    std::string aliases;
    for (const auto& [name, targets] : options_.aliases) aliases += name + ": " + targets + "\n";
    write_file(folder_ / "aliases", aliases);
    make_cf(main_mc(), "sendmail.cf");
    make_cf(submit_mc(), "submit.cf");
    syslog_ = std::make_unique<SyslogSocket>(folder_ / "syslog", folder_ / "mail.log");
    run_or_throw(command({"-C", folder_ / "sendmail.cf", "-bi"}).argv);
    start();
}

std::string Sendmail::main_mc() const {
    const bool filter = !options_.milter.empty();
    const std::string flags = options_.milter_flags.empty() ? "" : ", " + options_.milter_flags;
    std::string more;
    for (const auto& line : options_.mc_lines) more += line + "\n";
    return filled(
        main_template,
        {{"{ROOT}", sendmail_root().string()},
         {"{T}", folder().string()},
         {"{PORT}", std::to_string(port_)},
         {"{SMART_HOST}", options_.relay_port ? "relay:[127.0.0.1]" : "swallow:nowhere"},
         {"{RELAY_PORT}", std::to_string(options_.relay_port.value_or(25))},
         {"{INPUT}", filter ? ", InputMailFilters=mailrota" : ""},
         {"{MILTER}", filter ? "MAIL_FILTER(`mailrota', `S=" + options_.milter + flags + "')" : "dnl"},
         {"{MORE}", more}});
}

std::string Sendmail::submit_mc() const {
    return filled(submit_template, {{"{ROOT}", sendmail_root().string()},
                                    {"{T}", folder().string()},
                                    {"{PORT}", std::to_string(port_)}});
}

void Sendmail::make_cf(const std::string& mc, const std::string& name) const {
    const std::string tree = "-D_CF_DIR_=" + (sendmail_root() / "usr/share/sendmail/cf").string() + "/";
    write_file(folder_ / name, run_or_throw({"m4", tree, "-"}, mc));
    fs::permissions(folder_ / name, static_cast<fs::perms>(0644));
}

/// The program with these arguments, in a host of its own.
Command Sendmail::command(std::vector<std::string> arguments) const {
    Command command;
    command.argv = {"unshare",
                    "--uts",
                    "--mount",
                    "sh",
                    folder_ / "enter.sh",
                    folder(),
                    sendmail_root() / "usr/libexec/sendmail/sendmail"};
    for (auto& argument : arguments) command.argv.push_back(std::move(argument));
    return command;
}

void Sendmail::start() {
    const std::string address = "inet:127.0.0.1:" + std::to_string(port_);
    Command daemon = command({"-C", folder_ / "sendmail.cf", "-L", "sendmail", "-bD", "-q1h"});
    daemon.output = folder_ / "daemon.out";
    process_.emplace(daemon);
    const bool up =
        wait_until([&] { return accepts(address) || !process_->running(); }) && process_->running();
    if (!up)
        throw std::runtime_error("Sendmail does not start:\n" + read_file(folder_ / "daemon.out") + log());
}

void Sendmail::stop() { process_.reset(); }

std::vector<std::string> Sendmail::mailbox(std::string_view local_part) const {
    std::vector<std::string> result;
    for (const auto& path : sorted_files(folder_ / "mail" / local_part)) result.push_back(read_file(path));
    return result;
}

std::vector<std::string> Sendmail::wait_for_mail(std::string_view local_part, std::size_t count,
                                                 std::chrono::milliseconds deadline) const {
    wait_until([&] { return mailbox(local_part).size() >= count; }, deadline);
    return mailbox(local_part);
}

RunResult Sendmail::sendmail(const std::string& sender, const std::vector<std::string>& recipients,
                             const std::string& text) const {
    std::vector<std::string> arguments = {"-C", folder_ / "submit.cf", "-Ac", "-i", "-f", sender, "--"};
    arguments.insert(arguments.end(), recipients.begin(), recipients.end());
    return run(command(std::move(arguments)), text);
}

bool Sendmail::wait_for_log(std::string_view text, std::chrono::milliseconds deadline) const {
    return wait_until([&] { return log().find(text) != std::string::npos; }, deadline);
}

std::vector<std::string> Sendmail::queue() const {
    std::vector<std::string> result;
    for (const auto& path : sorted_files(folder_ / "queue")) {
        const std::string name = path.filename();
        if (name.starts_with("qf") || name.starts_with("hf")) result.push_back(name);
    }
    return result;
}

bool Sendmail::wait_for_empty_queue(std::chrono::milliseconds deadline) const {
    return wait_until([this] { return queue().empty(); }, deadline);
}

void Sendmail::flush() const { run_or_throw(command({"-C", folder_ / "sendmail.cf", "-q"}).argv); }

}  // namespace mailrota::rig
