#include "tests/rig/mailrota_program.h"

#include <signal.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "tests/rig/wait.h"

namespace mailrota::rig {

namespace fs = std::filesystem;

namespace {

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

MailrotaProgram::MailrotaProgram(std::string name, std::vector<std::string> environment)
    : name_(std::move(name)), environment_(std::move(environment)) {
    replace("{folder}", folder().string());
    replace("{run}", run_folder().string());
}

MailrotaProgram::MailrotaProgram(const std::string& name, std::string_view config,
                                 std::vector<std::string> environment)
    : MailrotaProgram(name, std::move(environment)) {
    write_config(config);
    MailrotaProgram::start();
}

MailrotaProgram::~MailrotaProgram() {
    if (process_) kill9();
}

void MailrotaProgram::replace(const std::string& placeholder, std::string value) {
    placeholders_[placeholder] = std::move(value);
}

void MailrotaProgram::start() {
    Command command;
    command.argv = {program(name_), "--config", config_path()};
    command.environment = environment_;
    command.folder = folder();
    command.output = log_path();
    const auto said_before = log().size();
    process_.emplace(command);
    await_start(said_before);
}

void MailrotaProgram::await_start(std::size_t said_before) {
    const auto started = [&] { return log().find(" started ", said_before) != std::string::npos; };
    if (!wait_until([&] { return started() || !running(); }) || !started())
        throw std::runtime_error(name_ + " does not start:\n" + log());
}

void MailrotaProgram::kill9() {
    process_->kill(SIGKILL);
    process_.reset();
}

int MailrotaProgram::stop() { return process_->stop(std::chrono::seconds(20)); }

void MailrotaProgram::terminate() const { process_->kill(SIGTERM); }

std::optional<int> MailrotaProgram::wait(std::chrono::milliseconds deadline) const {
    return process_->wait(deadline);
}

void MailrotaProgram::restart() {
    stop();
    start();
}

void MailrotaProgram::write_config(std::string_view config) const {
    std::string text(config);
    for (const auto& [placeholder, value] : placeholders_) replace_all(text, placeholder, value);
    write_file(config_path(), text);
}

void MailrotaProgram::reload() const { process_->kill(SIGUSR1); }

bool MailrotaProgram::wait_for_log(std::string_view text, std::chrono::milliseconds deadline) const {
    return wait_until([&] { return log().find(text) != std::string::npos; }, deadline);
}

RunResult MailrotaProgram::mailrota(std::vector<std::string> arguments) const {
    Command command;
    command.argv = {program("mailrota")};
    for (auto& argument : arguments) command.argv.push_back(std::move(argument));
    command.argv.insert(command.argv.end(), {"--config", config_path()});
    command.environment = environment_;
    command.folder = folder();
    return run(command);
}

}  // namespace mailrota::rig
