#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/rig/process.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::e2e {

/// What `mailrota pull --json` came to.
struct Pulled {
    int exit_code = 0;
    std::uint64_t mails = 0;
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;
    std::uint64_t deferred = 0;
    std::uint64_t repeated = 0;
    std::uint64_t possible_duplicates = 0;
    std::uint64_t bytes = 0;
    std::uint64_t left = 0;
    std::string trouble;
    std::string notes;  ///< what it wrote to stderr
};

/// The host that mail is pulled to: `mailrota pull` with a done-list and a token of its own, which gives
/// everything to one mail server.
class PullingHost {
  public:
    /// `deliver` as the option of that name has it.
    explicit PullingHost(std::string deliver, const std::string& token = "secret");
    static PullingHost to_port(int smtp_port) {
        return PullingHost("smtp:127.0.0.1:" + std::to_string(smtp_port));
    }

    /// Runs the puller to its end.
    Pulled pull(const std::string& url, const std::vector<std::string>& more = {}) const;
    /// Starts it; the summary is in pulled() when it has ended.
    rig::Process start(const std::string& url, const std::vector<std::string>& more = {}) const;
    Pulled ended(const rig::Process& puller) const;

    std::string done_list() const { return rig::read_file(folder_ / "done"); }
    std::string secret(const std::string& name, const std::string& text) const;  ///< a file of mode 600

  private:
    rig::Command command(const std::string& url, const std::vector<std::string>& more) const;

    rig::TemporaryFolder folder_;
    std::string deliver_;
    std::string token_file_;
};

}  // namespace mailrota::e2e
