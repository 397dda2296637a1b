#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/rig/process.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::rig {

/// A nullmailer of our own: a queue and nullmailer-send, which hands every mail to one SMTP server on
/// loopback.
///
/// Debian's package conflicts with Postfix, and its paths are compiled in, so the programs run in a small
/// root folder made of the unpacked package (the environment variable MAILROTA_NULLMAILER_ROOT, else
/// ${XDG_CACHE_HOME:-/var/cache}/mailrota-tests/nullmailer) and the libraries they load. Needs root. The
/// constructor throws std::runtime_error when the package is not unpacked. Not thread-safe.
class Nullmailer {
  public:
    /// `pause`: between tries of what was deferred, in seconds.
    explicit Nullmailer(int smtp_port, int pause = 1);

    /// Hands a mail to nullmailer's sendmail(1) of this root; `text` is the whole mail.
    RunResult sendmail(const std::string& sender, const std::vector<std::string>& recipients,
                       const std::string& text) const;

    /// Files in the queue (not yet handed over) and in the folder of those that were given up.
    std::size_t queued() const;
    std::size_t failed() const;
    /// Waits until nothing is queued.
    bool wait_for_empty_queue(std::chrono::milliseconds deadline = std::chrono::seconds(20)) const;
    std::string log() const { return read_file(folder_ / "send.log"); }

  private:
    std::filesystem::path spool() const { return folder_ / "root/var/spool/nullmailer"; }
    void make_root() const;
    void copy_program(const std::filesystem::path& package, const std::string& path) const;

    TemporaryFolder folder_;
    std::optional<Process> send_;
};

}  // namespace mailrota::rig
