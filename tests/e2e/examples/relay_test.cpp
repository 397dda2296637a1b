// Boots postfix-examples/relay, relay-by-sender and sendmail-relay as they stand, with fake providers.
#include <gmock/gmock.h>

#include "tests/e2e/examples/example.h"
#include "tests/e2e/examples/provider_scene.h"
#include "tests/rig/message_text.h"
#include "tests/rig/postfix.h"
#include "tests/rig/sendmail.h"
#include "tests/rig/smtp_client.h"
#include "tests/rig/submission_server.h"

namespace mailrota::rig {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

const std::vector<std::string> programs_of_a_relay = {"mailrota-lmtp", "mailrota-worker"};

PostfixOptions with_lines_of(const std::string& name) {
    PostfixOptions options;
    options.main_lines = lines(example_file(name, "main.cf"));
    return options;
}

/// The domain of the examples is Mailgun's.
void know_domain(FakeProviders& fakes) { fakes.set("mailgun", {.domains = {{"mg.example.com"}}}); }

class Relay : public testing::Test {
  protected:
    Relay() { know_domain(fakes); }

    std::string config() const {
        const auto spool = postfix.folder() / "spool";
        make_socket_folder(spool);
        auto text = replaced(example_file("relay", "mailrota.toml"), "/var/spool/postfix", spool.string());
        text = replaced(text, "127.0.0.1:25\"", "127.0.0.1:" + std::to_string(postfix.port()) + "\"");
        return for_fakes(text, fakes, folder / "secrets");
    }
    void send(const MessageText& mail = MessageText::fresh(),
              const std::string& recipient = "eva@example.net") {
        const auto taken =
            SmtpClient::to_port(postfix.port()).send_mail("shop@example.com", {recipient}, mail.text());
        ASSERT_TRUE(taken.accepted()) << logs();
    }
    std::string logs() const { return postfix.log() + programs.log(); }

    TemporaryFolder folder;
    FakeProviders fakes;
    Postfix postfix{with_lines_of("relay")};
    ExamplePrograms programs{config(), programs_of_a_relay};
};

TEST_F(Relay, MailForOtherHostsLeavesThroughTheFirstProvider) {
    const auto mail = MessageText::fresh();
    send(mail);
    const auto arrived = fakes.wait_for_mail("eva@example.net");
    ASSERT_THAT(arrived, SizeIs(1)) << logs();
    EXPECT_EQ(arrived[0].provider, "mailgun");
    EXPECT_THAT(arrived[0].content, HasSubstr(mail.message_id));
    EXPECT_TRUE(postfix.wait_for_empty_queue()) << logs();
}

TEST_F(Relay, WhileItFailsTheSecondTakesTheMail) {
    fakes.fail({.fault = "quota", .provider = "mailgun"});
    send();
    const auto arrived = fakes.wait_for_mail("eva@example.net");
    ASSERT_THAT(arrived, SizeIs(1)) << logs();
    EXPECT_EQ(arrived[0].provider, "sendgrid");
}

TEST_F(Relay, WhatNobodyTakesWaitsInTheQueue) {
    fakes.fail({.fault = "rate_limited"});
    send();
    ASSERT_TRUE(postfix.wait_for_log("status=deferred")) << logs();
    EXPECT_THAT(postfix.queue(), HasSubstr("eva@example.net"));
    EXPECT_THAT(fakes.mails(), SizeIs(0));
}

TEST_F(Relay, WhatAProviderRefusesBouncesWithItsWords) {
    fakes.set("mailgun", {.bad = {{"gone@example.net"}}});
    fakes.set("sendgrid", {.bad = {{"gone@example.net"}}});
    send(MessageText::fresh(), "gone@example.net");
    EXPECT_THAT(postfix.wait_for_mail("shop"),
                ElementsAre(AllOf(HasSubstr("gone@example.net"), HasSubstr("mailgun"))))
        << logs();
}

TEST(RelayBySender, EachSenderHasItsOwnProviders) {
    const TemporaryFolder folder;
    const FakeProviders fakes;
    SubmissionServer postmark;
    Postfix postfix(with_lines_of("relay-by-sender"));
    const auto spool = postfix.folder() / "spool";
    make_socket_folder(spool);
    auto config = for_fakes(example_file("relay-by-sender", "mailrota.toml"), fakes, folder / "secrets");
    config = replaced(config, "/var/spool/postfix", spool.string());
    config = replaced(config, "transport = \"smtp\"",
                      "transport = \"smtp\"\nhost = \"127.0.0.1:" + std::to_string(postmark.starttls_port()) +
                          "\"\nsecurity = \"starttls\"\nuser = \"" + SubmissionServer::user +
                          "\"\nca_file = \"" + postmark.authority().string() + "\"");
    write_secret(folder / "secrets" / "postmark", SubmissionServer::password);
    const ExamplePrograms programs(config, programs_of_a_relay);
    const auto send = [&postfix](const std::string& sender, const std::string& recipient) {
        EXPECT_TRUE(SmtpClient::to_port(postfix.port())
                        .send_mail(sender, {recipient}, MessageText::fresh().text())
                        .accepted());
    };
    for (int i = 0; i < 3; ++i) send("shop@example.com", "eva@example.net");
    const auto shop = fakes.wait_for_mail("eva@example.net", 3);
    ASSERT_THAT(shop, SizeIs(3)) << postfix.log() << programs.log();
    EXPECT_EQ(std::ranges::count(shop, "mandrill", &FakeMail::provider), 2);
    EXPECT_EQ(std::ranges::count(shop, "sparkpost", &FakeMail::provider), 1);
    send("ann@example.com", "eva@example.net");
    EXPECT_TRUE(postmark.postfix().wait_for_log("to=<eva@example.net>")) << postfix.log() << programs.log();
    EXPECT_THAT(fakes.mails(), SizeIs(3));
}

TEST(SendmailRelay, MailForOtherHostsLeavesThroughTheFirstProviderThatWorks) {
    const TemporaryFolder folder{TemporaryFolder::Place::run};
    FakeProviders fakes;
    know_domain(fakes);
    const auto in_folder = [&folder](const std::string& file) {
        return replaced(example_file("sendmail-relay", file), "/run/mailrota", folder.path().string());
    };
    Sendmail sendmail({.mc_lines = lines(in_folder("mailrota.mc"))});
    const ExamplePrograms programs(for_fakes(in_folder("mailrota.toml"), fakes, folder / "secrets"),
                                   programs_of_a_relay);
    const auto send = [&sendmail](const std::string& recipient) {
        EXPECT_TRUE(SmtpClient::to_port(sendmail.port())
                        .send_mail("ann@example.com", {recipient}, MessageText::fresh().text())
                        .accepted());
    };
    send("eva@example.net");
    const auto first = fakes.wait_for_mail("eva@example.net");
    ASSERT_THAT(first, SizeIs(1)) << sendmail.log() << programs.log();
    EXPECT_EQ(first[0].provider, "mailgun");
    fakes.fail({.fault = "quota", .provider = "mailgun"});
    send("ida@example.net");
    const auto second = fakes.wait_for_mail("ida@example.net");
    ASSERT_THAT(second, SizeIs(1)) << sendmail.log() << programs.log();
    EXPECT_EQ(second[0].provider, "resend");
    send("ann@example.com");
    EXPECT_THAT(sendmail.wait_for_mail("ann"), SizeIs(1)) << sendmail.log();
}

}  // namespace
}  // namespace mailrota::rig
