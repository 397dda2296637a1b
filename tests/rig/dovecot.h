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

/// A Dovecot of our own that takes mail by LMTP, on a unix socket and on a free loopback port, into maildirs.
/// Knows the given users of example.com and no one else (550 5.1.1). Needs root and Debian's dovecot-lmtpd.
///
/// The constructor returns when LMTP answers, and throws std::runtime_error with the log if it does not. Not
/// thread-safe.
class Dovecot {
  public:
    /// `settings`: lines added to the configuration ("lmtp_add_received_header = no").
    explicit Dovecot(std::vector<std::string> users, std::vector<std::string> settings = {});
    ~Dovecot();
    Dovecot(const Dovecot&) = delete;
    Dovecot& operator=(const Dovecot&) = delete;

    std::filesystem::path socket() const { return folder_ / "run/lmtp"; }
    int port() const { return port_; }

    /// What was delivered to `user`@example.com, whole files in the order of delivery. Dovecot has put
    /// Return-Path, Delivered-To and Received in front.
    std::vector<std::string> mailbox(std::string_view user) const;
    /// Waits until the mailbox holds at least `count` messages; returns fewer when the deadline passes.
    std::vector<std::string> wait_for_mail(
        std::string_view user, std::size_t count = 1,
        std::chrono::milliseconds deadline = std::chrono::seconds(20)) const;

    void stop();  ///< the mailboxes stay
    void start();
    std::string log() const { return read_file(folder_ / "dovecot.log"); }

  private:
    TemporaryFolder folder_;
    int port_;
    std::optional<Process> server_;
};

}  // namespace mailrota::rig
