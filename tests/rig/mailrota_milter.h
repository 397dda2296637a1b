#pragma once

#include <chrono>
#include <filesystem>
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

/// The program mailrota-milter, run with a configuration of the test's own.
///
/// In the configuration text {socket} becomes the address of the socket ("unix:/run/…/milter.sock"), {folder}
/// a temporary folder on disk for the database and lists. The socket's folder is safe in Sendmail's sense,
/// and the socket is opened to Postfix's processes when it is there.
///
/// The constructor returns when the socket accepts connections and the store was tried, and throws
/// std::runtime_error with the log if it does not within ten seconds. The destructor kills the program, since
/// libmilter takes up to five seconds to end: a test of the ending calls stop(). Not thread-safe.
class MailrotaMilter {
  public:
    enum class Socket { unix_path, inet };

    explicit MailrotaMilter(std::string config, Socket kind = Socket::unix_path,
                            std::vector<std::string> environment = {});
    ~MailrotaMilter();
    MailrotaMilter(const MailrotaMilter&) = delete;
    MailrotaMilter& operator=(const MailrotaMilter&) = delete;

    /// As Connection::to, Sendmail's S= and our configuration read it: unix:/path or inet:port@127.0.0.1.
    const std::string& socket() const { return socket_; }
    /// As Postfix's smtpd_milters wants it: unix:/path or inet:127.0.0.1:port.
    std::string socket_for_postfix() const;

    std::filesystem::path folder() const { return folder_.path(); }
    std::filesystem::path config_path() const { return folder_ / "mailrota.toml"; }

    pid_t pid() const { return process_ ? process_->pid() : 0; }
    bool running() const { return process_ && process_->running(); }

    void kill9();    ///< SIGKILL; returns when the process is gone; the socket file stays behind
    int stop();      ///< SIGTERM and the exit code; libmilter takes up to five seconds to notice
    void start();    ///< after stop() or kill9(), with the same files and socket
    void restart();  ///< stop() and start()

    /// Writes the new configuration (same placeholders) without telling the program.
    void write_config(std::string_view config) const;
    /// SIGUSR1. Returns at once: await what it changes, or its line in the log.
    void reload() const;

    /// All that the program has written to stdout and stderr.
    std::string log() const { return read_file(folder_ / "mailrota-milter.log"); }
    bool wait_for_log(std::string_view text,
                      std::chrono::milliseconds deadline = std::chrono::seconds(10)) const;

    /// Runs the command line program `mailrota` with these arguments and then `--config` of this instance.
    RunResult mailrota(std::vector<std::string> arguments) const;

  private:
    TemporaryFolder folder_;
    TemporaryFolder socket_folder_{TemporaryFolder::Place::run};
    std::string socket_;
    std::vector<std::string> environment_;
    std::optional<Process> process_;
};

}  // namespace mailrota::rig
