#include "tests/rig/sendmail.h"

#include <gmock/gmock.h>

#include "tests/rig/message_text.h"
#include "tests/rig/smtp_client.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(Sendmail, DeliversMailThatComesBySmtp) {
    SendmailOptions options;
    options.aliases = {{"team", "ann, ben"}};
    const Sendmail sendmail(options);
    auto client = SmtpClient::to_port(sendmail.port());
    MessageText mail = MessageText::fresh("By SMTP");
    mail.body = "one\n.two\n";
    const auto sent =
        client.send_mail("sender@example.com", {"team@example.com", "x@example.org"}, mail.text());
    ASSERT_TRUE(sent.accepted()) << sendmail.log();
    EXPECT_THAT(sendmail.wait_for_mail("ann"), ElementsAre(HasSubstr("\nSubject: By SMTP\n")))
        << sendmail.log();
    EXPECT_THAT(sendmail.wait_for_mail("ben"), ElementsAre(HasSubstr("\n\none\n.two\n")));
    EXPECT_TRUE(sendmail.wait_for_empty_queue()) << sendmail.log();
    EXPECT_TRUE(sendmail.wait_for_log("mailer=swallow")) << sendmail.log();
}

TEST(Sendmail, DeliversMailThatComesBySendmail) {
    const Sendmail sendmail;
    const auto result =
        sendmail.sendmail("sender@example.com", {"ann@example.com"}, MessageText::fresh().text());
    ASSERT_EQ(result.exit_code, 0) << result.errors << result.output;
    EXPECT_THAT(sendmail.wait_for_mail("ann"), ElementsAre(HasSubstr("\nHello.\n"))) << sendmail.log();
}

TEST(Sendmail, AsksTheGivenMilterAndDefersWithoutIt) {
    SendmailOptions options;
    options.milter = "unix:/run/no-such-folder/milter.sock";
    const Sendmail sendmail(options);
    SmtpClient client(Connection::to_port(sendmail.port()));
    const auto hello = client.hello();
    const auto sent = client.send_mail("a@example.com", {"ann@example.com"}, "Subject: t\n\n");
    EXPECT_FALSE(sent.accepted());
    EXPECT_THAT((std::vector{client.greeting().code, hello.code, sent.mail.code}),
                testing::Contains(testing::Ge(400)))
        << sendmail.log();
    EXPECT_THAT(sendmail.queue(), SizeIs(0));
}

}  // namespace
}  // namespace mailrota::rig
