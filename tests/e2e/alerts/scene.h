#pragma once

#include <gmock/gmock.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/alerts/mails.h"
#include "tests/rig/fake_twilio.h"
#include "tests/rig/http_client.h"
#include "tests/rig/mailrota_program.h"
#include "tests/rig/smtp_sink.h"
#include "tests/rig/sql.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::e2e {

// Who is called: each is the only member of a rota of that name.
inline constexpr auto ann = "+15555550101";  ///< rota "ann"
inline constexpr auto ben = "+15555550102";  ///< rota "ben"
inline constexpr auto cem = "+15555550103";  ///< rota "cem"
inline constexpr auto our_number = "+15555550100";
inline constexpr auto public_url = "https://mail.example.com/call";

/// How the host is set up.
struct SceneOptions {
    std::string alerts = alert_text("emergency", step("ann") + step("ben") + step("cem"));
    std::string of_calls = {};      ///< more lines of [calls]
    std::string of_telephone = {};  ///< more lines of each account; without them it is fast
    std::vector<std::string> accounts = {"twilio"};
    bool reachable = true;                      ///< false: no public_url
    std::string away = {};                      ///< an account at whose address nobody listens
    std::vector<std::string> more_tokens = {};  ///< auth tokens of "twilio" beside its own
    std::string store = {};                     ///< an empty database in PostgreSQL; empty: SQLite
    std::string more = {};                      ///< what follows: further rotas
};

/// A host that calls: mailrota-lmtp, whose mail goes on to an smtp-sink; mailrota-worker, which calls by the
/// fake Twilio, and mailrota-web, which is called back: these two begin when they are first asked for. All on
/// one database.
class Scene {
  public:
    Scene(rig::FakeProviders& fakes, const SceneOptions& options);

    rig::MailrotaProgram& lmtp() { return *lmtp_; }
    rig::MailrotaProgram& web();
    rig::MailrotaProgram& worker();
    /// Web, then worker.
    Scene& run();
    /// The programs that run go on with another configuration of the same accounts.
    void reconfigure(const SceneOptions& options);
    /// The same for a second one on the same database; not started before.
    rig::MailrotaProgram& second_worker();
    const std::string& configuration() const { return text_; }
    std::string socket() const { return lmtp_->run_folder() / "lmtp.sock"; }
    /// Where mailrota-web listens, as HttpClient has it.
    std::string web_address() const { return "inet:127.0.0.1:" + std::to_string(web_port_); }
    int web_port() const { return web_port_; }

    /// One mail to NAME@example.com by LMTP; it must be taken.
    void send(const std::string& mail, const std::string& alert = "emergency") const;
    /// Mails that went on to their mailboxes.
    std::vector<rig::SinkMail> delivered() const { return sink_.mails(); }

    rig::Rows sql(const std::string& query) const { return rig::sql(store_, query); }
    std::string value(const std::string& query) const { return rig::sql_value(store_, query); }

    /// "open", "acknowledged", "resolved", "exhausted"; empty if there is no such incident.
    std::string state_of(std::int64_t incident) const;
    bool wait_for_state(std::int64_t incident, std::string_view state,
                        std::chrono::milliseconds deadline = std::chrono::seconds(40)) const;
    int incidents() const;
    /// The command line program; its exit code must be 0.
    std::string console(const std::vector<std::string>& arguments) const;
    /// Until nothing is left that would call anybody.
    bool at_rest(std::chrono::milliseconds deadline = std::chrono::seconds(40)) const;
    /// "opened by …", "call to …", one line each.
    std::string story(std::int64_t incident = 1) const;
    /// Everything that the programs wrote.
    std::string logs() const;

  private:
    std::string configuration(const SceneOptions& options) const;
    std::string telephone(const std::string& account, const SceneOptions& options) const;
    std::string tokens(const rig::FakeTwilio& fake, const SceneOptions& options) const;
    std::string secret(const std::string& name, const std::string& value) const;

    rig::FakeProviders& fakes_;
    rig::TemporaryFolder folder_;
    rig::SmtpSink sink_{{.socket = rig::SmtpSinkOptions::Socket::inet}};
    int web_port_;
    std::string store_;
    std::string text_;
    std::optional<rig::MailrotaProgram> lmtp_;
    std::optional<rig::MailrotaProgram> web_;
    std::optional<rig::MailrotaProgram> worker_;
    std::optional<rig::MailrotaProgram> second_;
};

/// One program of fakes for all tests; its Twilio is as new before each, and plays 300 times as fast as life.
/// Whatever a test does, Twilio must have found nothing wrong with our documents and answers.
class AlertTest : public testing::Test {
  protected:
    static void SetUpTestSuite();
    void SetUp() override;
    void TearDown() override;

    static rig::FakeProviders& fakes();
    static rig::FakeTwilio& twilio();
    static rig::FakeTwilio& second_twilio();

    /// Brings the host up: LMTP only until its run().
    Scene& scene(const SceneOptions& options = {});
    Scene& scene_now() { return *scene_; }

    /// Numbers in the order in which they were called.
    static std::vector<std::string> called();
    /// Waits for a call to this number in this state.
    static std::optional<rig::FakeCall> call_in(const std::string& status, const std::string& number);
    /// What is ours to explain is not looked for: faults that the test made.
    void expect_notices() { notices_expected_ = true; }

  private:
    std::optional<Scene> scene_;
    bool notices_expected_ = false;
};

}  // namespace mailrota::e2e
