#include <gmock/gmock.h>

#include "tests/e2e/spool/mail_servers.h"
#include "tests/e2e/spool/origin.h"
#include "tests/e2e/spool/pulling_host.h"
#include "tests/rig/nullmailer.h"
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

// A client of the SMTP listener hears one reply for all recipients. What is not done by then is the worker's.

/// A next hop that puts off late@ and later@example.com until it is told otherwise, and refuses
/// no-such@example.com.
class NextHop {
  public:
    /// After a restart, which ends the sessions that keep what they began with.
    void start_with(const std::string& restrictions) {
        postfix_.stop();
        postfix_.set("smtpd_recipient_restrictions = " + restrictions);
        postfix_.start();
    }
    void take_all() { start_with("permit"); }
    rig::Postfix& postfix() { return postfix_; }
    /// As [listener.relay] has it; far@example.com goes into the box, and notifications to the sender here.
    OriginOptions before() const {
        OriginOptions options;
        options.relay = "next_hop = \"smtp:127.0.0.1:" + std::to_string(postfix_.port()) + "\"\n";
        options.rules = "[[rule]]\nwhen.rcpt = \"far@example.com\"\nthen = [{ spool = \"web\" }]\n";
        options.submit = postfix_.port();
        return options;
    }

  private:
    static rig::PostfixOptions options() {
        rig::PostfixOptions options;
        options.main_lines = {
            "smtpd_recipient_restrictions = check_recipient_access inline:{ { "
            "late@example.com = 450 4.2.0 Later } { later@example.com = 450 4.2.0 Later } "
            "{ no-such@example.com = 550 5.1.1 There is no such user } }"};
        return options;
    }
    rig::Postfix postfix_{options()};
};

class Remainders : public testing::Test {
  protected:
    int reply(const std::vector<std::string>& recipients, const std::string& subject = "parts") const {
        return origin_.send(mail(subject), recipients).results.at(0).code;
    }
    bool worked_off() const {
        return wait_until([this] { return origin_.jobs() == 0; }, 30s);
    }
    const rig::Postfix& postfix() { return hop_.postfix(); }

    NextHop hop_;
    Origin origin_{hop_.before()};
};

TEST_F(Remainders, WhatIsPutOffIsDeliveredByTheWorkerOnce) {
    EXPECT_EQ(reply({"now@example.com", "late@example.com", "far@example.com"}), 250);
    EXPECT_THAT(postfix().wait_for_mail("now"), SizeIs(1));
    EXPECT_EQ(origin_.in_box(), 1U);
    EXPECT_EQ(origin_.jobs(), 1U);
    EXPECT_TRUE(origin_.worker().wait_for_log("outcome=postponed", 30s)) << origin_.worker().log();
    hop_.take_all();
    ASSERT_TRUE(worked_off());
    EXPECT_THAT(postfix().wait_for_mail("late"), ElementsAre(HasSubstr("Subject: parts\n")));
    EXPECT_TRUE(hop_.postfix().wait_for_empty_queue());
    EXPECT_EQ(postfix().delivered(), 2U);
}

TEST_F(Remainders, AWorkerThatIsKilledDeliversTheRemainderAfterItsStart) {
    EXPECT_EQ(reply({"now@example.com", "late@example.com"}), 250);
    origin_.worker();
    EXPECT_TRUE(wait_until([this] { return origin_.jobs_put_off() == 1; }, 30s));
    origin_.worker().kill9();
    hop_.take_all();
    origin_.worker().start();
    EXPECT_THAT(postfix().wait_for_mail("late", 1, 30s), SizeIs(1));
    ASSERT_TRUE(worked_off());
    EXPECT_EQ(postfix().delivered(), 2U);
}

TEST_F(Remainders, WhatIsRefusedBesideWhatIsDoneIsToldToTheSender) {
    EXPECT_EQ(reply({"now@example.com", "no-such@example.com", "far@example.com"}, "refused in part"), 250);
    origin_.worker();
    ASSERT_TRUE(worked_off());
    EXPECT_THAT(postfix().wait_for_mail("ann"),
                ElementsAre(AllOf(HasSubstr("Final-Recipient: rfc822; no-such@example.com\n"),
                                  HasSubstr("Status: 5.1.1\n"), HasSubstr("Subject: refused in part\n"),
                                  Not(HasSubstr("now@")), Not(HasSubstr("far@")))));
    EXPECT_THAT(postfix().wait_for_mail("now"), SizeIs(1));
}

TEST_F(Remainders, WhatIsOnlyPutOffStaysWithTheClient) {
    EXPECT_EQ(reply({"late@example.com", "later@example.com"}), 450);
    EXPECT_EQ(origin_.jobs(), 0U);
    const rig::Nullmailer backend(origin_.smtp_port());
    ASSERT_EQ(backend.sendmail("ann@example.com", {"late@example.com"}, mail()).exit_code, 0);
    ASSERT_TRUE(wait_until([&] { return backend.log().find("450") != std::string::npos; }, 30s))
        << backend.log();
    EXPECT_EQ(backend.queued(), 1U);
    hop_.take_all();
    EXPECT_TRUE(backend.wait_for_empty_queue(30s));
    EXPECT_THAT(postfix().wait_for_mail("late"), SizeIs(1));
    EXPECT_EQ(postfix().delivered(), 1U);
}

TEST_F(Remainders, WhatIsRefusedAsAWholeIsTheClientsToTell) {
    EXPECT_EQ(reply({"no-such@example.com"}), 550);
    EXPECT_EQ(origin_.jobs(), 0U);
    const rig::Nullmailer backend(origin_.smtp_port());
    ASSERT_EQ(backend.sendmail("ann@example.com", {"no-such@example.com"}, mail()).exit_code, 0);
    EXPECT_TRUE(wait_until([&] { return backend.failed() == 1; }, 30s)) << backend.log();
    EXPECT_THAT(postfix().mailbox("ann"), IsEmpty());
}

TEST_F(Remainders, ARemainderThatIsRefusedLaterIsToldToTheSender) {
    EXPECT_EQ(reply({"now@example.com", "late@example.com"}, "refused later"), 250);
    hop_.start_with(
        "check_recipient_access inline:{ { late@example.com = 550 5.2.1 The "
        "mailbox is closed } }");
    origin_.worker();
    EXPECT_THAT(postfix().wait_for_mail("ann", 1, 30s),
                ElementsAre(AllOf(HasSubstr("Final-Recipient: rfc822; late@example.com\n"),
                                  HasSubstr("Status: 5.2.1\n"), HasSubstr("Subject: refused later\n"))));
    EXPECT_TRUE(worked_off());
}

}  // namespace
}  // namespace mailrota::e2e
