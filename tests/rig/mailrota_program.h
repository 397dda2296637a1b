#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/process.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::rig {

/// Where one of our own programs was built: the folder in the environment variable MAILROTA_BIN, else `bin`
/// of the build. Throws std::runtime_error if there is no such program.
std::filesystem::path program(const std::string& name);

/// One of our own programs ("mailrota-lmtp"), run with a configuration of the test's own.
///
/// In the configuration text {folder} becomes a temporary folder on disk for the database and lists, {run}
/// one under /run for sockets. A configuration should name a control socket of its own there.
///
/// The constructor returns when the program has said that it started (its sockets listen and the store was
/// tried), and throws std::runtime_error with the log if it does not within ten seconds. The destructor kills
/// the program: a test of the ending calls stop(). Not thread-safe.
class MailrotaProgram {
  public:
    MailrotaProgram(const std::string& name, std::string_view config,
                    std::vector<std::string> environment = {});
    virtual ~MailrotaProgram();
    MailrotaProgram(const MailrotaProgram&) = delete;
    MailrotaProgram& operator=(const MailrotaProgram&) = delete;

    std::filesystem::path folder() const { return folder_.path(); }
    std::filesystem::path run_folder() const { return run_folder_.path(); }
    std::filesystem::path config_path() const { return folder_ / "mailrota.toml"; }

    pid_t pid() const { return process_ ? process_->pid() : 0; }
    bool running() const { return process_ && process_->running(); }

    void kill9();            ///< SIGKILL; returns when the process is gone; socket files stay behind
    int stop();              ///< SIGTERM and the exit code
    void terminate() const;  ///< SIGTERM; returns at once
    std::optional<int> wait(std::chrono::milliseconds deadline) const;  ///< as Process::wait
    void start();    ///< after stop() or kill9(), with the same files and sockets
    void restart();  ///< stop() and start()

    /// Writes the new configuration (same placeholders) without telling the program.
    void write_config(std::string_view config) const;
    /// SIGUSR1. Returns at once: await what it changes, or its line in the log.
    void reload() const;

    /// All that the program has written to stdout and stderr.
    std::string log() const { return read_file(log_path()); }
    bool wait_for_log(std::string_view text,
                      std::chrono::milliseconds deadline = std::chrono::seconds(10)) const;

    /// Runs the command line program `mailrota` with these arguments and then `--config` of this instance.
    RunResult mailrota(std::vector<std::string> arguments) const;

  protected:
    /// For a class that has more to prepare: writes and starts nothing yet.
    explicit MailrotaProgram(std::string name, std::vector<std::string> environment);
    /// A further placeholder; before write_config().
    void replace(const std::string& placeholder, std::string value);
    /// Waits until the program serves; what it wrote before is `said_before` bytes of the log. Throws.
    virtual void await_start(std::size_t said_before);

  private:
    std::filesystem::path log_path() const { return folder_ / (name_ + ".log"); }

    std::string name_;
    std::vector<std::string> environment_;
    TemporaryFolder folder_;
    TemporaryFolder run_folder_{TemporaryFolder::Place::run};
    std::map<std::string, std::string> placeholders_;
    std::optional<Process> process_;
};

}  // namespace mailrota::rig
