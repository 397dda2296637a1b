#include "tests/rig/postfix.h"
#include "tests/e2e/relay/scene.h"
#include "tests/rig/message_text.h"
#include "tests/rig/wait.h"

// A Postfix whose mail for other hosts leaves through providers, by default_transport alone.
namespace mailrota::e2e {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class RelayBehindPostfix : public RelayTest {
  protected:
    void start(SceneOptions options = {.providers = {"mailgun", "sendgrid"}}) {
        auto& host = scene(std::move(options));
        rig::PostfixOptions postfix;
        postfix.main_lines = {"default_transport = lmtp:unix:" + host.socket(),
                              "relay_transport = $default_transport",
                              "lmtp_send_xforward_command = yes",
                              "enable_long_queue_ids = yes",
                              "minimal_backoff_time = 1s",
                              "maximal_backoff_time = 2s",
                              "queue_run_delay = 2s"};
        postfix_.emplace(postfix);
    }
    void send(const rig::MessageText& mail, const std::vector<std::string>& recipients) {
        const auto sent =
            rig::SmtpClient::to_port(postfix_->port()).send_mail("ann@example.com", recipients, mail.text());
        ASSERT_TRUE(sent.accepted()) << postfix_->log();
    }
    std::string logs() { return postfix_->log() + scene_now().logs(); }
    static rig::MessageText mail() {
        auto one = rig::MessageText::fresh();
        one.from = "Ann <ann@example.com>";
        one.to = "Bob <bob@example.net>";
        return one;
    }

    std::optional<rig::Postfix> postfix_;
};

TEST_F(RelayBehindPostfix, TheSecondProviderTakesWhatTheFirstCannot) {
    start();
    fakes().fail({.fault = "quota", .provider = "mailgun"});
    fakes().fail({.fault = "suspended", .provider = "mailgun"});
    const auto one = mail();
    send(one, {"bob@example.net", "eve@example.org"});
    EXPECT_TRUE(postfix_->wait_for_empty_queue(seconds(30))) << logs();
    EXPECT_THAT(fakes().mailbox("bob@example.net"), SizeIs(1));
    EXPECT_THAT(fakes().mailbox("eve@example.org"), SizeIs(1));
    EXPECT_THAT(postfix_->log(), HasSubstr("status=sent (250 2.0.0 accepted by sendgrid as "));
    const auto story = scene_now().ask({"message", "show", one.message_id});
    EXPECT_THAT(story, AllOf(HasSubstr("CALL TO"), HasSubstr("mailgun"), HasSubstr("accepted by sendgrid")))
        << story;
}

TEST_F(RelayBehindPostfix, WhatNobodyTakesWaitsInTheQueueAndGoesOutLater) {
    start();
    for (const auto* kind : {"mailgun", "sendgrid"})
        fakes().fail({.fault = "rate_limited", .provider = kind, .seconds = 1, .form = "retry_after"});
    const auto one = mail();
    send(one, {"bob@example.net"});
    ASSERT_TRUE(postfix_->wait_for_log("status=deferred", seconds(30))) << logs();
    EXPECT_THAT(postfix_->log(), HasSubstr("451 4.4.1 No provider of outbound takes mail now"));
    EXPECT_THAT(fakes().mails(), IsEmpty());
    fakes().heal();
    EXPECT_TRUE(rig::wait_until(
        [&] {
            postfix_->flush();
            return postfix_->wait_for_empty_queue(seconds(3));
        },
        seconds(60)))
        << logs();
    const auto mails = fakes().mails();
    ASSERT_THAT(mails, SizeIs(1));
    EXPECT_THAT(mails[0].content, HasSubstr(one.message_id));
}

TEST_F(RelayBehindPostfix, ARefusalForGoodBouncesWithTheProvidersWords) {
    start();
    fakes().set("mailgun", {.bad = {{"gone@example.net"}}});
    send(mail(), {"bob@example.net", "gone@example.net"});
    const auto bounces = postfix_->wait_for_mail("ann", 1, seconds(30));
    ASSERT_THAT(bounces, SizeIs(1)) << logs();
    EXPECT_THAT(bounces[0],
                AllOf(HasSubstr("Final-Recipient: rfc822; gone@example.net"), HasSubstr("Action: failed"),
                      HasSubstr("mailgun"), HasSubstr("not a valid address")));
    EXPECT_THAT(fakes().wait_for_mail("bob@example.net"), SizeIs(1)) << logs();
    EXPECT_TRUE(postfix_->wait_for_empty_queue(seconds(30))) << logs();
}

}  // namespace
}  // namespace mailrota::e2e
