#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/process.h"
#include "tests/rig/syslog_socket.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::rig {

/// How a private Sendmail is set up.
struct SendmailOptions {
    /// Socket of the milter as S= takes it ("unix:/run/…/milter.sock", "inet:port@127.0.0.1"); empty: no
    /// milter. A path must have no world-writable folder above it (TemporaryFolder::Place::run).
    std::string milter = {};
    std::string milter_flags = "F=T";  ///< F=T defer, F=R reject, empty: pass when the milter fails
    std::map<std::string, std::string> aliases = {};  ///< local part to local parts or addresses
    std::optional<int> relay_port = {};      ///< other domains go by SMTP to this port; else: swallowed
    std::vector<std::string> mc_lines = {};  ///< m4 lines before the mailers
};

/// A Sendmail of our own: all files in a temporary folder, one loopback port, its log taken from a syslog
/// socket of its own (which needs root and mount namespaces), no DNS, not touching an installed MTA.
///
/// Debian's sendmail packages conflict with Postfix, so the program comes from a folder into which
/// tools/install-dependencies unpacks them: the environment variable MAILROTA_SENDMAIL_ROOT, else
/// ${XDG_CACHE_HOME:-/var/cache}/mailrota-tests/sendmail. The constructor throws std::runtime_error that says
/// so when they are missing, and with the log when the server does not start.
///
/// All local parts of example.com that have no alias are delivered here; every other domain is swallowed or
/// relayed. Not thread-safe except for reading the log and the mailboxes.
class Sendmail {
  public:
    explicit Sendmail(SendmailOptions options = {});

    int port() const { return port_; }

    /// What was delivered to `local_part`@example.com, whole files in the order of delivery, LF line ends.
    std::vector<std::string> mailbox(std::string_view local_part) const;
    /// As Postfix::wait_for_mail.
    std::vector<std::string> wait_for_mail(
        std::string_view local_part, std::size_t count = 1,
        std::chrono::milliseconds deadline = std::chrono::seconds(20)) const;

    /// Submits by sendmail(1) with a submit.cf, that is by SMTP to this server and through its milter.
    RunResult sendmail(const std::string& sender, const std::vector<std::string>& recipients,
                       const std::string& text) const;

    std::string log() const { return read_file(folder_ / "mail.log"); }
    bool wait_for_log(std::string_view text,
                      std::chrono::milliseconds deadline = std::chrono::seconds(10)) const;

    /// The names of the control files (qf…, hf… when quarantined) in the queue folder.
    std::vector<std::string> queue() const;
    bool wait_for_empty_queue(std::chrono::milliseconds deadline = std::chrono::seconds(20)) const;
    /// Runs the queue once, blocking.
    void flush() const;

    void stop();
    void start();

    std::filesystem::path folder() const { return folder_.path(); }

  private:
    std::string main_mc() const;
    std::string submit_mc() const;
    void make_cf(const std::string& mc, const std::string& name) const;
    Command command(std::vector<std::string> arguments) const;

    SendmailOptions options_;
    TemporaryFolder folder_{TemporaryFolder::Place::run};
    int port_;
    std::unique_ptr<SyslogSocket> syslog_;
    std::optional<Process> process_;
};

}  // namespace mailrota::rig
