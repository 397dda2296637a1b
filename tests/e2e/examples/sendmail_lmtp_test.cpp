// Boots postfix-examples/sendmail-lmtp as it stands.
#include <gmock/gmock.h>

#include "tests/e2e/examples/example.h"
#include "tests/rig/message_text.h"
#include "tests/rig/sendmail.h"
#include "tests/rig/smtp_client.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

/// Sendmail with the example's lines and mailrota-lmtp behind it.
class SendmailLmtp : public testing::Test {
  protected:
    SendmailLmtp() : sendmail(options()), programs(config(), {"mailrota-lmtp", "mailrota-worker"}) {}

    /// The mailertable is read as text, not made into a database.
    SendmailOptions options() const {
        write_file(folder / "mailertable", file("mailertable"));
        auto text = replaced(file("mailrota.mc"), "/run/mailrota", folder.path().string());
        text = replaced(text, "FEATURE(`mailertable')",
                        "FEATURE(`mailertable', `text -k0 -v1 " + (folder / "mailertable").string() + "')");
        return {.mc_lines = lines(text)};
    }
    std::string config() const {
        auto text = replaced(file("mailrota.toml"), "/run/mailrota", folder.path().string());
        return replaced(text, "127.0.0.1:25\"", "127.0.0.1:" + std::to_string(sendmail.port()) + "\"");
    }
    static std::string file(const std::string& name) { return example_file("sendmail-lmtp", name); }

    SmtpTransaction send(const std::vector<std::string>& recipients,
                         const std::string& sender = "eve@example.com") {
        return SmtpClient::to_port(sendmail.port())
            .send_mail(sender, recipients, MessageText::fresh().text());
    }
    std::string logs() const { return sendmail.log() + programs.log(); }

    TemporaryFolder folder{TemporaryFolder::Place::run};
    Sendmail sendmail;
    ExamplePrograms programs;
};

TEST_F(SendmailLmtp, OrdersGoToTheColleaguesInTurn) {
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(send({"orders@rota.example.com"}).accepted()) << logs();
    for (const char* colleague : {"ann", "ben", "cho"})
        EXPECT_THAT(sendmail.wait_for_mail(colleague), SizeIs(1)) << colleague << '\n' << logs();
    EXPECT_TRUE(sendmail.wait_for_empty_queue()) << logs();
}

TEST_F(SendmailLmtp, MailForAColleagueDoesNotComeBy) {
    ASSERT_TRUE(send({"ann@example.com"}).accepted()) << logs();
    EXPECT_THAT(sendmail.wait_for_mail("ann"), SizeIs(1)) << logs();
    EXPECT_THAT(programs.log(), testing::Not(HasSubstr("rcpt=ann@example.com")));
}

TEST_F(SendmailLmtp, AnAddressThatIsNoRotaBouncesAlone) {
    ASSERT_TRUE(send({"nobody@rota.example.com", "orders@rota.example.com"}).accepted()) << logs();
    EXPECT_THAT(sendmail.wait_for_mail("eve"),
                testing::ElementsAre(AllOf(HasSubstr("nobody@rota.example.com"), HasSubstr("5.1.1"),
                                           HasSubstr("no such rota"))))
        << logs();
    EXPECT_THAT(sendmail.wait_for_mail("ann"), SizeIs(1)) << logs();
}

TEST_F(SendmailLmtp, WhileMailrotaIsAwayMailWaitsInSendmailsQueue) {
    programs[0].stop();
    ASSERT_TRUE(send({"orders@rota.example.com"}).accepted()) << logs();
    EXPECT_TRUE(sendmail.wait_for_log("stat=Deferred")) << logs();
    EXPECT_THAT(sendmail.queue(), SizeIs(1));
    programs[0].start();
    sendmail.flush();
    EXPECT_THAT(sendmail.wait_for_mail("ann"), SizeIs(1)) << logs();
    EXPECT_TRUE(sendmail.wait_for_empty_queue()) << logs();
}

}  // namespace
}  // namespace mailrota::rig
