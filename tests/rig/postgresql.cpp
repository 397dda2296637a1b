#include "tests/rig/postgresql.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "tests/rig/process.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace fs = std::filesystem;

namespace {

fs::path newest_programs() {
    std::vector<std::pair<int, fs::path>> versions;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", missing))
        if (fs::exists(entry.path() / "bin/initdb"))
            versions.emplace_back(std::stoi(entry.path().filename()), entry.path() / "bin");
    if (versions.empty())
        throw std::runtime_error("PostgreSQL is not installed; run `tools/install-dependencies test`");
    return std::max_element(versions.begin(), versions.end())->second;
}

std::vector<std::string> as_postgres(std::vector<std::string> argv) {
    argv.insert(argv.begin(), {"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"});
    return argv;
}

}  // namespace

PostgreSql::PostgreSql(std::vector<std::string> settings)
    : port_(free_port()), programs_(newest_programs()), settings_(std::move(settings)) {
    folder_.make("data", "postgres", "postgres", 0700);
    folder_.make("socket", "postgres", "postgres");
    write_file(folder_ / "postgresql.log", "");
    give_to(folder_ / "postgresql.log", "postgres", "postgres");
    Command command;
    command.argv = as_postgres({programs_ / "initdb", "-D", folder_ / "data", "-A", "trust", "-E", "UTF8",
                                "--locale=C.UTF-8", "--no-sync"});
    command.folder = folder_.path();
    const RunResult made = run(command);
    if (made.exit_code != 0) throw std::runtime_error("initdb: " + made.errors + made.output);
    start();
}

PostgreSql::~PostgreSql() {
    try {
        if (running_) stop("immediate");
    } catch (const std::exception&) {
        running_ = false;
    }
}

std::string PostgreSql::url(const std::string& database) const {
    return "postgresql://postgres@127.0.0.1:" + std::to_string(port_) + "/" + database;
}

std::string PostgreSql::create_database(const std::string& name) const {
    query("CREATE DATABASE \"" + name + "\"");
    return url(name);
}

std::string PostgreSql::query(const std::string& sql, const std::string& database) const {
    return run_or_throw({programs_ / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", url(database)},
                        sql);
}

void PostgreSql::stop(const std::string& mode) {
    control({"-m", mode, "stop"});
    running_ = false;
}

void PostgreSql::start() {
    std::string options = "-p " + std::to_string(port_) + " -c listen_addresses=127.0.0.1";
    // Tests kill processes, not the machine: what the kernel has is safe, and a stop does not wait for a disk
    // that others keep busy.
    options += " -c fsync=off";
    options += " -c unix_socket_directories=" + (folder_ / "socket").string();
    for (const auto& setting : settings_) options += " -c " + setting;
    control({"-l", folder_ / "postgresql.log", "-o", options, "start"});
    running_ = true;
}

void PostgreSql::restart() {
    stop();
    start();
}

void PostgreSql::control(const std::vector<std::string>& arguments) const {
    Command command;
    command.argv = as_postgres({programs_ / "pg_ctl", "-D", folder_ / "data", "-w", "-s"});
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.folder = folder_.path();
    const RunResult result = run(command);
    if (result.exit_code != 0)
        throw std::runtime_error("pg_ctl " + arguments.back() + ": " + result.errors + result.output + log());
}

}  // namespace mailrota::rig
