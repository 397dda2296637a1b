#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/e2e/kill/spool/counting_sink.h"
#include "tests/e2e/kill/spool/evidence.h"
#include "tests/e2e/kill/victim.h"
#include "tests/rig/process.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::rig {

/// The four programs of the spool on one database, with the sinks that they deliver to: mail to kept*@ stays
/// with its recipient, orders@ is a rota of three, web*@ goes into a box that a puller fetches from; an SMTP
/// listener's now*@ is taken at once and later*@ at the third time.
class Programs {
  public:
    static constexpr int jobs_at_once = 4;

    Programs();

    Victim& lmtp() { return lmtp_; }
    Victim& web() { return web_; }
    Victim& worker() { return worker_; }
    Victim& pull() { return pull_; }
    std::vector<Victim*> all() { return {&lmtp_, &web_, &worker_, &pull_}; }
    /// Starts one of the first three and waits until it serves. Throws std::runtime_error with its log.
    void start_serving(Victim& victim) const;

    Evidence& evidence() { return evidence_; }
    std::filesystem::path lmtp_socket() const { return run_ / "lmtp.sock"; }
    std::filesystem::path smtp_socket() const { return run_ / "smtp.sock"; }
    /// `mailrota pull` with these further arguments.
    Command pull_command(const std::vector<std::string>& more) const;
    std::filesystem::path done_list() const { return folder_ / "done"; }
    /// `mailrota` with these arguments and the configuration; its output.
    std::string mailrota(std::vector<std::string> arguments) const;

    OnDisk on_disk() const;
    /// Reads what the dead process still has in the sinks' sockets, and notes what it leaves open. Returns
    /// how many parts that are.
    std::size_t note_death(pid_t process);
    /// Whether nothing is in the box, in the outbox, or on the way.
    bool drained() const;
    /// The ends of the programs' logs.
    std::string logs() const;

  private:
    Command program_command(const std::string& name) const;
    std::string sql(const std::string& query) const;
    std::string config_text() const;

    TemporaryFolder folder_;
    TemporaryFolder run_{TemporaryFolder::Place::run};
    Evidence evidence_;
    CountingSink kept_{CountingSink::Protocol::lmtp, run_ / "kept", evidence_};
    CountingSink redirected_{CountingSink::Protocol::smtp, run_ / "redirected", evidence_};
    CountingSink relayed_{CountingSink::Protocol::smtp, run_ / "relayed", evidence_, 2};
    CountingSink pulled_{CountingSink::Protocol::smtp, run_ / "pulled", evidence_};
    Victim lmtp_;
    Victim web_;
    Victim worker_;
    Victim pull_;
};

}  // namespace mailrota::rig
