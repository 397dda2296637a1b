#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mailrota::rig {

/// What to start and how.
struct Command {
    std::vector<std::string> argv;         ///< argv[0] is looked up in PATH when it has no slash
    std::vector<std::string> environment;  ///< NAME=value, over what this process has
    std::filesystem::path folder;          ///< working folder; empty: this process's own
    std::filesystem::path output;          ///< stdout and stderr are appended here; empty: /dev/null
};

/// A child process that leads a process group of its own and ends, with its whole group, when the object
/// ends.
///
/// Signals go to the remembered pid only; the dead leader is reaped last, so the pid cannot have become
/// another process. stdin is /dev/null. Not thread-safe, one owner; moves, does not copy.
class Process {
  public:
    /// Throws std::system_error if the program cannot be started.
    explicit Process(const Command& command);
    ~Process();
    Process(Process&& other) noexcept;
    Process& operator=(Process&& other) noexcept;

    pid_t pid() const { return pid_; }
    bool running() const { return !exit_code(); }

    /// Sends `signal` to the process (not to the group).
    void kill(int signal) const;

    /// Blocks until the process has ended or the time is over. The exit code, 128 + signal when a signal
    /// ended it, nothing when it still runs.
    std::optional<int> wait(std::chrono::milliseconds deadline = std::chrono::seconds(10)) const;

    /// SIGTERM, `grace`, then SIGKILL to the group. The exit code as wait() gives it.
    int stop(std::chrono::milliseconds grace = std::chrono::seconds(10));

  private:
    std::optional<int> exit_code() const;
    void end_group();

    pid_t pid_ = 0;       ///< 0: moved from or ended and reaped
    int ended_with_ = 0;  ///< valid once pid_ is 0
};

/// What a program that ran to its end has said.
struct RunResult {
    int exit_code = 0;   ///< 128 + signal when a signal ended it
    std::string output;  ///< stdout
    std::string errors;  ///< stderr
};

/// Runs a program to its end with `input` as its stdin; blocks. `command.output` is not used. Throws
/// std::system_error if it cannot be started, std::runtime_error if it has not ended after `deadline` (it is
/// killed).
RunResult run(const Command& command, const std::string& input = "",
              std::chrono::milliseconds deadline = std::chrono::seconds(60));

/// The same with nothing but the arguments.
RunResult run(const std::vector<std::string>& argv, const std::string& input = "");

/// As run(), but throws std::runtime_error with what the program said when its exit code is not 0; returns
/// stdout.
std::string run_or_throw(const std::vector<std::string>& argv, const std::string& input = "");

}  // namespace mailrota::rig
