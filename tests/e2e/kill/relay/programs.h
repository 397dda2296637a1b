#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/kill/victim.h"
#include "tests/rig/fake_providers.h"
#include "tests/rig/smtp_sink.h"
#include "tests/rig/sql.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::rig {

/// The three programs that relay, on one database, before a rota of three providers of different kinds: one
/// knows a call again by its key, one can be asked what it has, one can neither. A recipient at
/// KIND.example.net goes to that provider alone. The worker tells senders of bounces by an smtp-sink.
class RelayPrograms {
  public:
    /// By key, by look-up, by neither.
    static constexpr std::string_view idempotent = "resend";
    static constexpr std::string_view looked_up = "mailgun";
    static constexpr std::string_view forgetful = "sendgrid";

    RelayPrograms();

    Victim& lmtp() { return lmtp_; }
    Victim& web() { return web_; }
    Victim& worker() { return worker_; }
    /// Starts one and waits until it serves. Throws std::runtime_error with its log.
    void start_serving(Victim& victim) const;

    FakeProviders& fakes() { return fakes_; }
    /// A tenth of the calls fails from now on: before and after the mail was accepted, with and without an
    /// answer. fakes().heal() ends it.
    void trouble(unsigned seed);

    std::filesystem::path lmtp_socket() const { return run_ / "lmtp.sock"; }
    /// Where events go, as HttpClient has it.
    std::string hook_socket() const { return "unix:" + (run_ / "web.sock").string(); }
    /// What the worker has sent.
    std::vector<SinkMail> notices() const { return sink_.mails(); }

    /// Of the database.
    Rows sql(const std::string& query) const;

    /// To be called when mailrota-lmtp is dead: notes which calls it had begun and not ended in the database.
    /// Returns how many that are that no death before had left.
    std::size_t note_death();
    const std::set<std::string>& open_at_death() const { return open_at_death_; }
    /// To be called when the worker is dead: notes which notices it had in hand.
    void note_worker_death();
    /// How many deaths of the worker found the notice to this address in its hands.
    int deaths_in_hand(const std::string& recipient) const;

    /// Moves the times of calls without a known end, the last ten seconds' not, into the past: what waits
    /// for a minute comes sooner. Nobody works at a call that long.
    void let_time_pass() const;

    /// The ends of the programs' logs.
    std::string logs() const;

  private:
    std::string config_text() const;
    std::string provider_text(std::string_view kind) const;
    std::string secret(std::string_view kind, std::string_view name) const;
    Command program_command(const std::string& name) const;

    TemporaryFolder folder_;
    TemporaryFolder run_{TemporaryFolder::Place::run};
    FakeProviders fakes_;
    SmtpSink sink_;
    std::set<std::string> open_at_death_;
    std::map<std::string, int> in_hand_at_death_;  ///< by recipient
    Victim lmtp_;
    Victim web_;
    Victim worker_;
};

}  // namespace mailrota::rig
