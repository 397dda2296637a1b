#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "tests/rig/process.h"
#include "tests/rig/temporary_folder.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {

/// Has a running program killed when one of its threads is about to make the system call `call` for the n-th
/// time from now on. That call itself is not made. strace, at the side of the process, does it; it lets go
/// when the object ends. A program is anything with pid() and running().
class KillAtCall {
  public:
    /// Returns when the count has begun. Throws std::runtime_error if strace may not trace.
    template <class Program>
    KillAtCall(const Program& program, const std::string& call, int n)
        : call_(call), n_(n), strace_(command(program.pid())) {
        wait_until([this] { return said().find("attached") != std::string::npos || !strace_->running(); });
        if (!strace_->running()) throw std::runtime_error("strace does not trace: " + said());
    }

    /// Whether the program was killed; ends the tracing. To be asked when the end of the mail has been seen.
    template <class Program>
    bool struck(const Program& program) {
        const bool gone = dying(program.pid());
        if (gone) strace_->wait();  // for it reaps the threads of the dead; told to stop then, it would hang
        strace_.reset();
        return (gone || nth_call_made()) && wait_until([&program] { return !program.running(); });
    }

  private:
    /// The kernel takes the memory of a dying process before its sockets: whoever saw a socket close is sure.
    static bool dying(pid_t pid) {
        std::error_code none;
        return !std::filesystem::exists("/proc/" + std::to_string(pid) + "/exe", none);
    }
    Command command(pid_t program) const {
        Command command;
        command.argv = {"strace",
                        "-f",
                        "-p" + std::to_string(program),
                        "-o" + (folder_ / "calls.txt").string(),
                        "-etrace=" + call_,
                        "-einject=" + call_ + ":signal=KILL:when=" + std::to_string(n_)};
        command.output = folder_ / "strace.txt";
        return command;
    }
    std::string said() const { return read_file(folder_ / "strace.txt"); }

    /// Whether some thread has come so far; each line of the trace begins with the thread's number.
    bool nth_call_made() const {
        std::map<std::string, int> made;
        std::istringstream trace(read_file(folder_ / "calls.txt"));
        for (std::string thread, rest; trace >> thread && std::getline(trace, rest);)
            if (rest.find(call_ + "(") != std::string::npos && ++made[thread] == n_) return true;
        return false;
    }

    TemporaryFolder folder_;
    std::string call_;
    int n_;
    std::optional<Process> strace_;
};

/// Has `one_mail(call, n)` lose its program at the n-th use of each call that leaves a trace outside the
/// process (in the database, the log, on a socket), n from 1 on until the mail came through in the program's
/// life. It says whether the program was killed, and has started it again then. Returns the number of deaths.
template <class OneMail>
int die_at_every_call(OneMail one_mail) {
    constexpr int most = 200;
    int deaths = 0;
    for (const char* call : {"pwrite64", "fdatasync", "write", "writev", "sendmsg", "sendto"}) {
        for (int n = 1; one_mail(call, n); ++n, ++deaths) {
            if (n < most && !testing::Test::HasFatalFailure()) continue;
            ADD_FAILURE() << "no end of message comes through: " << call << ' ' << n;
            return deaths;
        }
    }
    return deaths;
}

/// Edits and verdict, the database and the log: fewer deaths mean that calls are not seen.
inline constexpr int fewest_deaths = 8;

}  // namespace mailrota::rig
