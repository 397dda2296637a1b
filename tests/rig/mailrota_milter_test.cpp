#include "tests/rig/mailrota_milter.h"

#include <gmock/gmock.h>

#include <cstdlib>

#include "tests/rig/milter_client.h"
#include "tests/rig/postfix.h"
#include "tests/rig/sendmail.h"
#include "tests/rig/smtp_client.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

/// The rig's own tests run the sample filter, unless a test of this file says otherwise.
class MailrotaMilterTest : public testing::Test {
  protected:
    MailrotaMilterTest() { setenv("MAILROTA_BIN", MAILROTA_SAMPLE_DIR, 1); }
    ~MailrotaMilterTest() override { unsetenv("MAILROTA_BIN"); }
};

constexpr auto config = "{socket}\nann@example.com\n";

MilterOutcome offer(const MailrotaMilter& milter) {
    const auto message = MilterMessage::from_text(MessageText::fresh(), {"team@example.com"});
    auto client = MilterClient::to(milter.socket());
    const auto outcome = client.send_message(message);
    EXPECT_EQ(outcome.verdict.kind, 'c');
    client.quit();
    return outcome;
}

TEST_F(MailrotaMilterTest, SpeaksWithTheMilterClientOverBothKindsOfSocket) {
    for (const auto kind : {MailrotaMilter::Socket::unix_path, MailrotaMilter::Socket::inet}) {
        const MailrotaMilter milter(config, kind);
        EXPECT_THAT(offer(milter).edits, ElementsAre(MilterEdit{'h', "X-Sample", "seen", 0},
                                                     MilterEdit{'+', "ann@example.com", "", 0},
                                                     MilterEdit{'-', "<team@example.com>", "", 0}))
            << milter.log();
        EXPECT_TRUE(milter.wait_for_log("listening"));
    }
}

TEST_F(MailrotaMilterTest, StartsAgainAfterBeingKilledAndReloads) {
    MailrotaMilter milter(config);
    const pid_t first = milter.pid();
    milter.kill9();
    EXPECT_FALSE(milter.running());
    EXPECT_THROW(MilterClient::to(milter.socket()), std::runtime_error);
    milter.start();
    EXPECT_NE(milter.pid(), first);
    milter.write_config("{socket}\nben@example.com\n");
    milter.reload();
    EXPECT_TRUE(wait_until([&] { return offer(milter).edits.at(1).name == "ben@example.com"; }));
}

TEST_F(MailrotaMilterTest, SaysWhyItDidNotStart) {
    EXPECT_THROW(MailrotaMilter("nonsense:here\n"), std::runtime_error);
    setenv("MAILROTA_BIN", "/no/such/folder", 1);
    EXPECT_THROW(MailrotaMilter milter(config), std::runtime_error);
}

TEST_F(MailrotaMilterTest, ServesPostfixBySmtpAndBySendmail) {
    const MailrotaMilter milter(config);
    PostfixOptions options;
    options.smtpd_milters = options.non_smtpd_milters = milter.socket_for_postfix();
    const Postfix postfix(options);
    auto client = SmtpClient::to_port(postfix.port());
    EXPECT_TRUE(
        client.send_mail("a@example.com", {"team@example.com"}, MessageText::fresh().text()).accepted());
    EXPECT_EQ(postfix.sendmail("a@example.com", {"team@example.com"}, MessageText::fresh().text()).exit_code,
              0);
    EXPECT_THAT(postfix.wait_for_mail("ann", 2), SizeIs(2)) << postfix.log();
    EXPECT_THAT(postfix.mailbox("ann"), Contains(HasSubstr("\nX-Sample: seen\n")));
    EXPECT_EQ(postfix.delivered(), 2U);
}

TEST_F(MailrotaMilterTest, ServesSendmailOverBothKindsOfSocket) {
    for (const auto kind : {MailrotaMilter::Socket::unix_path, MailrotaMilter::Socket::inet}) {
        const MailrotaMilter milter(config, kind);
        SendmailOptions options;
        options.milter = milter.socket();
        const Sendmail sendmail(options);
        auto client = SmtpClient::to_port(sendmail.port());
        EXPECT_TRUE(
            client.send_mail("a@example.com", {"team@example.com"}, MessageText::fresh().text()).accepted());
        EXPECT_THAT(sendmail.wait_for_mail("ann"), ElementsAre(HasSubstr("\nX-Sample: seen\n")))
            << sendmail.log();
        EXPECT_THAT(sendmail.mailbox("team"), SizeIs(0));
    }
}

}  // namespace
}  // namespace mailrota::rig
