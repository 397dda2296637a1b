#pragma once

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/fake_providers.h"
#include "tests/rig/http_client.h"
#include "tests/rig/mailrota_program.h"
#include "tests/rig/smtp_client.h"
#include "tests/rig/smtp_sink.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::e2e {

/// How the relaying host is set up.
struct SceneOptions {
    /// Members of the rota "outbound", each named after its kind, in order.
    std::vector<std::string> providers = {"sendgrid", "mailgun"};
    std::string of_each = {};      ///< more lines of every provider
    std::string of_rota = {};      ///< more lines of the rota
    std::string of_listener = {};  ///< more lines of the LMTP listener
    /// What follows: further providers and rotas, rules, [relay], [events]. Without a rule all mail goes to
    /// the rota. {keys} is the folder of the providers' keys, KIND.key.
    std::string more = {};
    bool no_quarantine = false;  ///< AddressSanitizer keeps no freed memory: for tests that measure ours
};

/// A host that relays: mailrota-lmtp before the fake providers; mailrota-web, which takes their events, and
/// mailrota-worker, which settles them, when they are first asked for; all on one database. An smtp-sink
/// gets what the worker tells senders.
class Scene {
  public:
    Scene(const rig::FakeProviders& fakes, SceneOptions options);

    rig::MailrotaProgram& lmtp() { return *lmtp_; }
    rig::MailrotaProgram& web();
    rig::MailrotaProgram& worker();
    std::string socket() const { return lmtp_->run_folder() / "lmtp.sock"; }
    const std::filesystem::path& folder() const { return folder_.path(); }
    const std::string& configuration() const { return text_; }

    /// One mail by LMTP in a session of its own; addresses as SmtpClient::send_mail takes them. The replies
    /// of the recipients after DATA, "250 2.0.0 accepted …"; a refused MAIL or RCPT is a std::runtime_error.
    std::vector<std::string> send(const std::string& mail,
                                  const std::vector<std::string>& recipients = {"bob@example.net"},
                                  const std::string& sender = "ann@example.com") const;
    /// The same of one recipient.
    std::string send_one(const std::string& mail, const std::string& recipient = "bob@example.net",
                         const std::string& sender = "ann@example.com") const;

    /// "http://127.0.0.1:PORT/hook/NAME" of mailrota-web, which is started.
    std::string hook(std::string_view provider);
    /// A client of mailrota-web's inet socket.
    rig::HttpClient hook_client();
    /// Waits until every event that came is settled.
    bool settled() const;

    /// Mails that the worker sent, when there are as many; fewer when the time is over.
    std::vector<rig::SinkMail> notices(std::size_t count = 1) const;

    /// What a command of mailrota prints.
    std::string ask(const std::vector<std::string>& arguments) const;
    /// The first column of the first row, empty if there is none.
    std::string sql(const std::string& query) const;
    /// Everything that the programs wrote.
    std::string logs() const;

  private:
    std::string configuration(const SceneOptions& options) const;
    std::string provider(const std::string& kind, const std::string& more) const;
    std::string secret(const std::string& kind, const std::string& name) const;
    void start(std::optional<rig::MailrotaProgram>& program, const std::string& name) const;

    const rig::FakeProviders& fakes_;
    rig::TemporaryFolder folder_;
    rig::SmtpSink sink_{{.socket = rig::SmtpSinkOptions::Socket::inet}};
    int web_port_;
    bool no_quarantine_;
    std::string text_;
    std::optional<rig::MailrotaProgram> lmtp_;
    std::optional<rig::MailrotaProgram> web_;
    std::optional<rig::MailrotaProgram> worker_;
};

/// All kinds that have an HTTP API.
const std::vector<std::string>& http_kinds();

/// A rota "only-KIND" of each, with `then` behind it if it is not empty, and rules by which mail to
/// KIND.example.net goes to it; for SceneOptions::more.
std::string rota_of_each(const std::vector<std::string>& kinds, const std::string& then = "");

/// A plain mail that is like no other, LF line ends.
std::string fresh_mail(std::string_view subject = "Hello", std::string_view more_headers = "");
/// The Message-ID of a mail of fresh_mail(), without brackets.
std::string message_id_of(const std::string& mail);

/// The peak of a process's resident memory, in bytes.
std::size_t peak_memory(pid_t pid);

/// One program of fake providers for all tests; its accounts are as new before each.
class RelayTest : public testing::Test {
  protected:
    static void SetUpTestSuite();
    void SetUp() override;

    static rig::FakeProviders& fakes();
    /// Brought up by a test that wants it.
    Scene& scene(SceneOptions options = {});
    Scene& scene_now() { return *scene_; }

    std::vector<std::string> recipients_of(const std::vector<rig::FakeMail>& mails) const;

  private:
    std::optional<Scene> scene_;
};

}  // namespace mailrota::e2e
