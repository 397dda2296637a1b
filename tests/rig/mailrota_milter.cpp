#include "tests/rig/mailrota_milter.h"

#include <grp.h>
#include <signal.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "tests/rig/connection.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view unix_prefix = "unix:";

void replace_all(std::string& text, std::string_view name, std::string_view value) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
}

}  // namespace

fs::path program(const std::string& name) {
    const char* given = std::getenv("MAILROTA_BIN");
    const fs::path path = fs::path(given != nullptr ? given : MAILROTA_BINARY_DIR) / name;
    if (!fs::exists(path))
        throw std::runtime_error("there is no program " + path.string() + "; build it first");
    return path;
}

MailrotaMilter::MailrotaMilter(std::string config, Socket kind, std::vector<std::string> environment)
    : environment_(std::move(environment)) {
    socket_ = kind == Socket::inet ? "inet:" + std::to_string(free_port()) + "@127.0.0.1"
                                   : std::string(unix_prefix) + (socket_folder_ / "milter.sock").string();
    write_config(config);
    start();
}

MailrotaMilter::~MailrotaMilter() {
    if (process_) kill9();
}

std::string MailrotaMilter::socket_for_postfix() const {
    const auto at = socket_.find('@');
    return at == std::string::npos ? socket_
                                   : "inet:" + socket_.substr(at + 1) + ":" + socket_.substr(5, at - 5);
}

void MailrotaMilter::start() {
    Command command;
    command.argv = {program("mailrota-milter"), "--config", config_path()};
    command.environment = environment_;
    command.folder = folder();
    command.output = folder_ / "mailrota-milter.log";
    const auto said_before = log().size();
    process_.emplace(command);
    const bool up = wait_until([this] { return accepts(socket_) || !running(); }) && running();
    if (!up) throw std::runtime_error("mailrota-milter does not start:\n" + log());
    // The socket is there before the store is tried.
    wait_until([&] { return log().find(" started ", said_before) != std::string::npos || !running(); },
               std::chrono::seconds(2));
    if (!socket_.starts_with(unix_prefix) || getgrnam("postfix") == nullptr) return;
    const fs::path path = socket_.substr(unix_prefix.size());
    give_to(path, "", "postfix");
    fs::permissions(path, static_cast<fs::perms>(0660));
}

void MailrotaMilter::kill9() {
    process_->kill(SIGKILL);
    process_.reset();
}

int MailrotaMilter::stop() { return process_->stop(std::chrono::seconds(20)); }

void MailrotaMilter::restart() {
    stop();
    start();
}

void MailrotaMilter::write_config(std::string_view config) const {
    std::string text(config);
    replace_all(text, "{socket}", socket_);
    replace_all(text, "{folder}", folder().string());
    write_file(config_path(), text);
}

void MailrotaMilter::reload() const { process_->kill(SIGUSR1); }

bool MailrotaMilter::wait_for_log(std::string_view text, std::chrono::milliseconds deadline) const {
    return wait_until([&] { return log().find(text) != std::string::npos; }, deadline);
}

RunResult MailrotaMilter::mailrota(std::vector<std::string> arguments) const {
    Command command;
    command.argv = {program("mailrota")};
    for (auto& argument : arguments) command.argv.push_back(std::move(argument));
    command.argv.insert(command.argv.end(), {"--config", config_path()});
    command.environment = environment_;
    command.folder = folder();
    return run(command);
}

}  // namespace mailrota::rig
