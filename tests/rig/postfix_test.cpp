#include "tests/rig/postfix.h"

#include <gmock/gmock.h>

#include "tests/rig/smtp_client.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(Postfix, DeliversMailThatComesBySmtp) {
    const Postfix postfix;
    auto client = SmtpClient::to_port(postfix.port());
    MessageText mail = MessageText::fresh("By SMTP");
    mail.body = "one\n.two\n";
    const auto sent = client.send_mail("sender@example.com",
                                       {"ann@example.com", "<ben@example.com> NOTIFY=NEVER"}, mail.text());
    ASSERT_TRUE(sent.accepted()) << postfix.log();
    EXPECT_THAT(postfix.wait_for_mail("ann"), ElementsAre(HasSubstr("\nSubject: By SMTP\n")))
        << postfix.log();
    EXPECT_THAT(postfix.wait_for_mail("ben"), ElementsAre(HasSubstr("\n\none\n.two\n")));
    EXPECT_THAT(postfix.mailbox("cho"), SizeIs(0));
    EXPECT_EQ(postfix.delivered(), 2U);
    EXPECT_TRUE(postfix.wait_for_empty_queue());
}

TEST(Postfix, DeliversMailThatComesBySendmail) {
    const Postfix postfix;
    const auto result =
        postfix.sendmail("sender@example.com", {"ann@example.com"}, MessageText::fresh().text());
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_THAT(postfix.wait_for_mail("ann"), ElementsAre(HasSubstr("\nHello.\n"))) << postfix.log();
}

TEST(Postfix, HasAListenerForEachEntryWithItsSettings) {
    PostfixOptions options;
    options.listeners = {{}, {"smtpd_banner=second here"}};
    const Postfix postfix(options);
    EXPECT_EQ(SmtpClient(Connection::to_port(postfix.port(0))).greeting().text,
              "mx.example.com ESMTP Postfix");
    EXPECT_EQ(SmtpClient(Connection::to_port(postfix.port(1))).greeting().text, "second here");
}

TEST(Postfix, ExpandsAliasesAndDiscardsOtherDomains) {
    PostfixOptions options;
    options.aliases = {{"team@example.com", "ann@example.com, ben@example.com"}};
    const Postfix postfix(options);
    auto client = SmtpClient::to_port(postfix.port());
    ASSERT_TRUE(client.send_mail("a@example.com", {"team@example.com", "x@example.org"}, "Subject: t\n\n")
                    .accepted());
    EXPECT_THAT(postfix.wait_for_mail("ann"), SizeIs(1)) << postfix.log();
    EXPECT_THAT(postfix.wait_for_mail("ben"), SizeIs(1));
    EXPECT_TRUE(postfix.wait_for_log("relay=none, delay=")) << postfix.log();
    EXPECT_TRUE(postfix.wait_for_empty_queue());
}

TEST(Postfix, RelaysOtherDomainsToTheGivenPortAndKeepsWhatIsRefused) {
    PostfixOptions second_options;
    second_options.main_lines = {"virtual_mailbox_domains = example.org"};
    const Postfix next(second_options);
    PostfixOptions options;
    options.relay_port = next.port();
    Postfix postfix(options);
    auto client = SmtpClient::to_port(postfix.port());
    ASSERT_TRUE(client.send_mail("a@example.com", {"x@example.org"}, "Subject: t\n\n").accepted());
    EXPECT_TRUE(next.wait_for_log("to=<x@example.org>")) << next.log() << postfix.log();

    postfix.set("defer_transports = virtual");
    postfix.reload();
    ASSERT_TRUE(client.send_mail("a@example.com", {"ann@example.com"}, "Subject: t\n\n").accepted());
    EXPECT_TRUE(postfix.wait_for_log("status=deferred")) << postfix.log();
    EXPECT_THAT(postfix.queue(), HasSubstr("ann@example.com"));
    postfix.set("defer_transports =");
    postfix.stop();
    postfix.start();
    postfix.flush();
    EXPECT_THAT(postfix.wait_for_mail("ann"), SizeIs(1)) << postfix.log();
}

TEST(Postfix, AsksTheGivenMilterAndDefersWithoutIt) {
    PostfixOptions options;
    options.smtpd_milters = "unix:/run/no-such-folder/milter.sock";
    const Postfix postfix(options);
    auto client = SmtpClient::to_port(postfix.port());
    EXPECT_EQ(client.send_mail("a@example.com", {"ann@example.com"}, "Subject: t\n\n").mail.code, 451);
}

}  // namespace
}  // namespace mailrota::rig
