#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/message_text.h"
#include "tests/rig/process.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::rig {

/// How a private Postfix is set up. What is left out gives a server that relays for 127.0.0.1, without
/// filters.
struct PostfixOptions {
    /// One entry is one smtpd on a free port; an entry holds its own settings, as `-o` takes them
    /// ("smtpd_milters=", "milter_macro_daemon_name=ORIGINATING").
    std::vector<std::vector<std::string>> listeners = {{}};
    std::string smtpd_milters = {};      ///< as main.cf has it: "unix:/path" or "inet:127.0.0.1:port"
    std::string non_smtpd_milters = {};  ///< for mail by sendmail(1)
    std::string milter_default_action = "tempfail";   ///< accept, reject, tempfail or quarantine
    std::map<std::string, std::string> aliases = {};  ///< virtual_alias_maps: address to addresses
    std::optional<int> relay_port = {};          ///< other domains go by SMTP to this port; else: discarded
    std::vector<std::string> main_lines = {};    ///< added to main.cf, where the last of equal names wins
    std::vector<std::string> master_lines = {};  ///< added to master.cf
};

/// A Postfix of our own: all files in a temporary folder, listening on free loopback ports, no syslog, no
/// DNS, not touching an installed instance. Needs root and Debian's postfix package, which need not be
/// configured.
///
/// All local parts of example.com are delivered here (mailbox()); every other domain is discarded or relayed.
/// The constructor returns when the ports listen; it throws std::runtime_error with the log when that fails.
/// The destructor ends the whole instance. Not thread-safe except for reading the log and the mailboxes.
class Postfix {
  public:
    explicit Postfix(PostfixOptions options = {});

    /// The port of the listener `index`.
    int port(std::size_t index = 0) const { return ports_.at(index); }

    /// What was delivered to `local_part`@example.com, whole files in the order of delivery, LF line ends.
    /// Postfix has put Return-Path, X-Original-To and Delivered-To in front.
    std::vector<std::string> mailbox(std::string_view local_part) const;

    /// Waits until mailbox(local_part) holds at least `count` messages and returns it; returns fewer when the
    /// deadline passes, so that the test's own comparison fails.
    std::vector<std::string> wait_for_mail(
        std::string_view local_part, std::size_t count = 1,
        std::chrono::milliseconds deadline = std::chrono::seconds(20)) const;

    /// How many messages all mailboxes hold together.
    std::size_t delivered() const;

    /// Hands the mail to sendmail(1) of this instance: the path of non_smtpd_milters.
    RunResult sendmail(const std::string& sender, const std::vector<std::string>& recipients,
                       const std::string& text) const;

    std::string log() const { return read_file(log_path()); }
    std::filesystem::path log_path() const { return folder_ / "log/mail.log"; }
    /// Waits until the log contains `text`.
    bool wait_for_log(std::string_view text,
                      std::chrono::milliseconds deadline = std::chrono::seconds(10)) const;

    /// The queue as `postqueue -j` prints it: one JSON object a line, empty when the queue is empty.
    std::string queue() const;
    /// Waits until nothing is queued.
    bool wait_for_empty_queue(std::chrono::milliseconds deadline = std::chrono::seconds(20)) const;
    /// Tries all deferred mail now.
    void flush() const;

    /// Takes over changed files in config(); main.cf may be appended to with set().
    void reload();
    /// Appends a line to main.cf; it counts after reload().
    void set(const std::string& line);
    /// Ends the instance; the queue stays. start() goes on with it.
    void stop();
    void start();

    std::filesystem::path config() const { return folder_ / "etc"; }
    std::filesystem::path folder() const { return folder_.path(); }
    pid_t pid() const { return master_ ? master_->pid() : 0; }

  private:
    void make_queue() const;
    std::string main_cf() const;
    std::string master_cf() const;

    PostfixOptions options_;
    TemporaryFolder folder_;
    std::vector<int> ports_;
    std::optional<Process> master_;
};

}  // namespace mailrota::rig
