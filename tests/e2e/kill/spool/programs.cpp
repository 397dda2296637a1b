#include "tests/e2e/kill/spool/programs.h"

#include <sqlite3.h>

#include <array>
#include <sstream>
#include <stdexcept>

#include "tests/rig/connection.h"
#include "tests/rig/mailrota_program.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace {

/// {folder}, {run} and the sinks are put in by config_text().
constexpr std::string_view configuration = R"(
hostname = "mx.example.com"
[control]
socket = "{run}/milter.ctl"
[store]
url  = "sqlite:{folder}/state.db"
busy = "20s"
[listener.mailbox]
protocol = "lmtp"
socket   = "unix:{run}/lmtp.sock"
next_hop = "{kept}"
reinject = "{redirected}"
[listener.relay]
protocol = "smtp"
socket   = "unix:{run}/smtp.sock"
next_hop = "{relayed}"
reinject = "{redirected}"
[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com", "ben@example.com", "cho@example.com"]
[box.web]
token = { file = "{folder}/token" }
lease = "10s"
[web]
sockets = ["unix:{run}/web.sock"]
[worker]
submit      = "{relayed}"
in_flight   = {jobs}
lease       = "10s"
first_retry = "1s"
last_retry  = "1s"
[[rule]]
when.rcpt = "web*@example.com"
then      = [{ spool = "web" }]
)";

void replace(std::string& text, std::string_view name, const std::string& value) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
}

/// What rows of "Message-ID|recipient" say.
std::set<Part> parts_of(const std::string& rows, std::set<Part> parts = {}) {
    std::istringstream lines(rows);
    for (std::string line; std::getline(lines, line);)
        if (const auto route = route_of(line.substr(line.find('|') + 1)))
            parts.insert({mail_number(line), *route});
    return parts;
}

/// The parts that a done-list calls delivered; torn lines do not count.
std::set<Part> delivered_by(const std::string& done_list) {
    std::set<Part> parts;
    std::istringstream lines(done_list);
    for (std::string line; std::getline(lines, line);) {
        const auto recipient = line.find("\tweb");
        if (line.starts_with("delivered\t") && line.ends_with("\t.") && recipient != std::string::npos)
            parts.insert({std::atoi(line.c_str() + recipient + 4), Route::spooled});
    }
    return parts;
}

}  // namespace

Programs::Programs()
    : lmtp_("lmtp", program_command("mailrota-lmtp")),
      web_("web", program_command("mailrota-web")),
      worker_("worker", program_command("mailrota-worker")),
      pull_("pull", pull_command({"--follow", "--every", "1"})) {
    write_file(folder_ / "mailrota.toml", config_text());
    write_file(folder_ / "token", "secret\n");
    std::filesystem::permissions(folder_ / "token", static_cast<std::filesystem::perms>(0600));
}

std::string Programs::config_text() const {
    std::string text(configuration);
    replace(text, "{folder}", folder_.path());
    replace(text, "{run}", run_.path());
    replace(text, "{kept}", kept_.endpoint());
    replace(text, "{redirected}", redirected_.endpoint());
    replace(text, "{relayed}", relayed_.endpoint());
    replace(text, "{jobs}", std::to_string(jobs_at_once));
    return text;
}

Command Programs::program_command(const std::string& name) const {
    Command command;
    command.argv = {program(name), "--config", folder_ / "mailrota.toml"};
    command.output = folder_ / (name + ".log");
    return command;
}

Command Programs::pull_command(const std::vector<std::string>& more) const {
    Command command;
    command.argv = {program("mailrota"),
                    "pull",
                    "http://localhost/boxes/web",
                    "--unix-socket",
                    run_ / "web.sock",
                    "--token-file",
                    folder_ / "token",
                    "--deliver",
                    pulled_.endpoint(),
                    "--done-list",
                    done_list()};
    command.argv.insert(command.argv.end(), more.begin(), more.end());
    command.output = folder_ / "pull.log";
    return command;
}

void Programs::start_serving(Victim& victim) const {
    victim.start();
    const auto socket = "unix:" + (run_ / (victim.name() + ".ctl")).string();
    if (!wait_until([&] { return !victim.running() || accepts(socket); }, std::chrono::seconds(30)) ||
        !victim.running())
        throw std::runtime_error(victim.name() + " does not start:\n" + victim.log());
}

std::string Programs::mailrota(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), program("mailrota"));
    arguments.insert(arguments.end(), {"--config", folder_ / "mailrota.toml"});
    return run_or_throw(arguments);
}

std::string Programs::sql(const std::string& query) const {
    sqlite3* database = nullptr;
    sqlite3_open((folder_ / "state.db").c_str(), &database);
    sqlite3_busy_timeout(database, 20'000);
    std::string rows;
    const auto add = [](void* into, int columns, char** values, char**) {
        for (int i = 0; i < columns; ++i)
            static_cast<std::string*>(into)->append(i == 0 ? "" : "|").append(values[i]);
        static_cast<std::string*>(into)->append("\n");
        return 0;
    };
    const int result = sqlite3_exec(database, query.c_str(), add, &rows, nullptr);
    const std::string error = sqlite3_errmsg(database);
    sqlite3_close(database);
    if (result != SQLITE_OK) throw std::runtime_error(query + ": " + error);
    return rows;
}

OnDisk Programs::on_disk() const {
    // Done (0) of a mail that is spooled only says that it is in the box.
    const auto done =
        sql("SELECT m.message_id, j.recipient FROM journal j JOIN mail m ON m.seq = j.mail "
            "WHERE j.outcome = 0 AND CAST(j.route AS TEXT) <> 'spool'");
    const auto boxed = sql("SELECT m.message_id, 'web' FROM box_item b JOIN mail m ON m.id = b.mail");
    OnDisk disk;
    disk.delivered = parts_of(done, delivered_by(read_file(done_list())));
    disk.in_box = parts_of(boxed);
    return disk;
}

std::size_t Programs::note_death(pid_t process) {
    for (CountingSink* sink : {&kept_, &redirected_, &relayed_, &pulled_}) sink->read_all_of(process);
    return evidence_.killed(process, on_disk());
}

bool Programs::drained() const {
    return evidence_.on_their_way() == 0 && sql("SELECT (SELECT count(*) FROM box_item), (SELECT count(*) "
                                                "FROM job WHERE ready IS NOT NULL)") == "0|0\n";
}

std::string Programs::logs() const {
    std::string all;
    for (const Victim* victim : {&lmtp_, &web_, &worker_, &pull_}) {
        const auto log = victim->log();
        all +=
            "--- " + victim->name() + '\n' + log.substr(log.size() - std::min<std::size_t>(log.size(), 2000));
    }
    return all;
}

}  // namespace mailrota::rig
