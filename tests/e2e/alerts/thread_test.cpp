#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"

// Answers repeat what was said; nobody is called for that.
namespace mailrota::e2e {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class AlertThread : public AlertTest {
  protected:
    // What the four mails come to in this order, when the first call is answered at once.
    void expect_one_call(const std::vector<std::size_t>& order) {
        const auto mails = thread_of_answers();
        twilio().clear();
        twilio().script("", {{.digits = {"1"}}});
        auto& host = scene().run();
        for (const auto index : order) host.send(mails[index]);
        EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
        EXPECT_TRUE(host.at_rest());
        EXPECT_EQ(host.incidents(), 1);
        EXPECT_THAT(host.delivered(), SizeIs(order.size()));
        ASSERT_THAT(called(), ElementsAre(ann));
        EXPECT_THAT(twilio().wait_for_ended_calls().front().words(),
                    AllOf(HasSubstr("raised by Jim Roe"), Not(HasSubstr("Sue"))));
    }
};

TEST_F(AlertThread, TW4_FourMailsOfOneThreadMakeOneCallThatNamesWhoEscalated) {
    expect_one_call({0, 1, 2, 3});
}

TEST_F(AlertThread, TW4_NorDoAnswersCallThatComeBeforeTheMailTheyAnswer) { expect_one_call({3, 1, 2, 0}); }

TEST_F(AlertThread, TW4_AnswersAloneCallNobody) {
    const auto mails = thread_of_answers();
    auto& host = scene().run();
    for (std::size_t i = 1; i < mails.size(); ++i) host.send(mails[i]);
    EXPECT_TRUE(host.at_rest());
    EXPECT_EQ(host.incidents(), 0);
    EXPECT_THAT(host.delivered(), SizeIs(3));
}

TEST_F(AlertThread, TW4_TheSameMailTwiceCallsOnceAndAnAnswerAfterTheAcknowledgementNobody) {
    const auto mails = thread_of_answers();
    twilio().script(ann, {{.digits = {"1"}}});
    auto& host = scene().run();
    host.send(mails[0]);
    host.send(mails[0]);
    ASSERT_TRUE(host.wait_for_state(1, "acknowledged"));
    for (const auto& mail : mails) host.send(mail);
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann));
    EXPECT_EQ(host.incidents(), 1);
}

TEST_F(AlertThread, TW4_WhatNoMarkShowsToBeAQuoteIsKnownByItsLines) {
    twilio().script(ann, {{.digits = {"1"}}});
    auto& host = scene().run();
    auto first = raised();
    host.send(first.mail());
    ASSERT_TRUE(host.wait_for_state(1, "acknowledged"));
    first.sender = "Sue Loe <sue@example.com>";
    first.subject = "Re: [storage - Support #86581] Array degraded";
    first.text = "I am on it.\n\n" + first.text;
    host.send(first.mail());
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann));
    EXPECT_THAT(host.story(), HasSubstr("noted"));
}

TEST_F(AlertThread, ALaterMailOfTheTicketThatIsClosedIsANewEmergency) {
    twilio().script("", {{.digits = {"1"}}});
    auto& host = scene().run();
    host.send(raised().mail());
    ASSERT_TRUE(host.wait_for_state(1, "acknowledged"));
    host.send(closed("86581").mail());
    ASSERT_TRUE(host.wait_for_state(1, "resolved"));
    host.send(raised("86581", "Sue Loe").mail());
    ASSERT_TRUE(host.wait_for_state(2, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann, ann));
}

}  // namespace
}  // namespace mailrota::e2e
