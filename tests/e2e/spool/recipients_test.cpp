#include <gmock/gmock.h>

#include "tests/e2e/spool/mail_servers.h"
#include "tests/e2e/spool/origin.h"
#include "tests/e2e/spool/pulling_host.h"
#include "tests/rig/wait.h"

namespace mailrota::e2e {
namespace {

using namespace std::chrono_literals;
using rig::wait_until;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// A sending host whose notifications arrive in the mailboxes of home_postfix(), and which takes RFC 3461's
/// parameters.
OriginOptions notifying() {
    OriginOptions options;
    options.submit = home_postfix().port();
    options.relay = "reinject = \"smtp:127.0.0.1:" + std::to_string(home_postfix().port()) + "\"\n";
    return options;
}

class Notified : public testing::Test {
  protected:
    Pulled pull() { return host_.pull(origin_.url()); }
    /// Whether the worker has done all that there was to do.
    bool worked_off() {
        origin_.worker();
        return wait_until([this] { return origin_.jobs() == 0; }, 30s);
    }

    Origin origin_{notifying()};
    PullingHost host_ = PullingHost::to_port(remote_postfix().port());
};

TEST_F(Notified, PO7OneOfThreeRecipientsRefusedTheOthersHaveItAndTheSenderIsToldOnce) {
    origin_.put(mail("to three"),
                {"first.of.three@example.com", "no-such@example.com", "third.of.three@example.com"},
                "sender.to.three@example.com");
    const Pulled pulled = pull();
    EXPECT_EQ(pulled.exit_code, 1);
    EXPECT_EQ(pulled.delivered, 2U);
    EXPECT_EQ(pulled.failed, 1U);
    EXPECT_THAT(remote_postfix().wait_for_mail("first.of.three"), SizeIs(1));
    EXPECT_THAT(remote_postfix().wait_for_mail("third.of.three"), SizeIs(1));
    ASSERT_TRUE(worked_off());
    EXPECT_THAT(home_postfix().wait_for_mail("sender.to.three"),
                ElementsAre(AllOf(HasSubstr("Return-Path: <>\n"), HasSubstr("Content-Type: multipart/report"),
                                  HasSubstr("Final-Recipient: rfc822; no-such@example.com\n"),
                                  HasSubstr("Action: failed\n"), HasSubstr("Status: 5.1.1\n"),
                                  HasSubstr("There is no such user"), HasSubstr("Subject: to three\n"),
                                  Not(HasSubstr("first.of.three")), Not(HasSubstr("third.of.three")))));
    EXPECT_EQ(pull().mails, 0U);
    EXPECT_EQ(origin_.in_box(), 0U);
}

TEST_F(Notified, NobodyIsToldWhoDoesNotWantIt) {
    origin_.put(mail("never"), {"<no-such@example.com> NOTIFY=NEVER"}, "sender.of.never@example.com");
    origin_.put(mail("success"), {"<no-such@example.com> NOTIFY=SUCCESS"}, "sender.of.never@example.com");
    origin_.put(mail("failure"), {"<no-such@example.com> NOTIFY=FAILURE"}, "sender.of.never@example.com");
    EXPECT_EQ(pull().failed, 3U);
    ASSERT_TRUE(worked_off());
    EXPECT_THAT(home_postfix().wait_for_mail("sender.of.never"),
                ElementsAre(HasSubstr("Subject: failure\n")));
    EXPECT_TRUE(home_postfix().wait_for_empty_queue());
    EXPECT_THAT(home_postfix().mailbox("sender.of.never"), SizeIs(1));
}

TEST_F(Notified, TheRemoteServerTellsOfASuccessThatWasAskedFor) {
    origin_.put(mail("success"), {"<success@example.com> NOTIFY=SUCCESS ORCPT=rfc822;alias@example.com"},
                "<sender.of.success@example.com> RET=HDRS ENVID=abc+3D1");
    EXPECT_EQ(pull().delivered, 1U);
    EXPECT_THAT(remote_postfix().wait_for_mail("success"), SizeIs(1));
    EXPECT_THAT(
        remote_postfix().wait_for_mail("sender.of.success"),
        ElementsAre(AllOf(HasSubstr("Original-Recipient: rfc822;alias@example.com\n"),
                          HasSubstr("Original-Envelope-Id: abc=1\n"), HasSubstr("Action: delivered\n"))));
    ASSERT_TRUE(worked_off());
    EXPECT_THAT(home_postfix().mailbox("sender.of.success"), IsEmpty());
}

TEST_F(Notified, AMailOfTheNullSenderIsDeliveredAndItsFailureIsToldToNobody) {
    origin_.put(mail("a bounce"), {"bounced@example.com", "no-such@example.com"}, "<>");
    const Pulled pulled = pull();
    EXPECT_EQ(pulled.delivered, 1U);
    EXPECT_EQ(pulled.failed, 1U);
    EXPECT_THAT(remote_postfix().wait_for_mail("bounced"), ElementsAre(HasSubstr("Return-Path: <>\n")));
    EXPECT_EQ(origin_.in_box(), 0U);
    EXPECT_EQ(origin_.jobs(), 0U);
}

TEST_F(Notified, WhatNobodyFetchedInTimeGoesBackToItsSender) {
    origin_.put(mail("expired"), {"far@example.com", "<off@example.com> NOTIFY=NEVER"},
                "sender.of.expired@example.com");
    origin_.put(mail("expired, null sender"), {"far@example.com"}, "<>");
    origin_.expire_box();
    EXPECT_EQ(pull().mails, 0U);
    origin_.worker();
    EXPECT_TRUE(wait_until([this] { return origin_.in_box() == 0; }, 30s));
    ASSERT_TRUE(worked_off());
    EXPECT_THAT(home_postfix().wait_for_mail("sender.of.expired"),
                ElementsAre(AllOf(HasSubstr("Final-Recipient: rfc822; far@example.com\n"),
                                  HasSubstr("Status: 5.4.7\n"), Not(HasSubstr("off@example.com")))));
}

TEST_F(Notified, ANotificationWaitsUntilTheMtaHereIsBack) {
    rig::SmtpSink mta(on_a_port());
    mta.stop();
    OriginOptions options = notifying();
    options.submit = mta.port();
    Origin origin(options);
    origin.put(mail("waits"), {"no-such@example.com"});
    EXPECT_EQ(host_.pull(origin.url()).failed, 1U);
    EXPECT_TRUE(origin.worker().wait_for_log("outcome=postponed", 30s));
    mta.start();
    EXPECT_TRUE(wait_until([&] { return origin.jobs() == 0; }, 30s));
    EXPECT_THAT(recipients(mta), ElementsAre("ann@example.com"));
}

}  // namespace
}  // namespace mailrota::e2e
