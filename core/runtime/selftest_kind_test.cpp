#include "core/runtime/selftest_kind.h"

#include "core/runtime/selftest_kind_fixture.h"
#include "core/runtime/selftest_letter.h"

namespace mailrota::runtime::fixture {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(SelftestKindTest, SubmitsItsMailThenLooksUntilItHasComeThrough) {
    submit_to(sink.port());
    begin_job();
    attempt();
    EXPECT_THAT(left().submitted, HasSubstr("250"));
    ASSERT_THAT(sink.mails(), SizeIs(1));
    EXPECT_EQ(sink.mails()[0].sender.substr(0, 2), "<>");
    EXPECT_THAT(sink.mails()[0].recipients, ElementsAre("<alarm@example.com>"));
    EXPECT_THAT(sink.mails()[0].content,
                AllOf(HasSubstr("Subject: [Self-test " + left().token + "] Nobody has to do anything\n"),
                      HasSubstr("Message-ID: <selftest-" + left().token + "@mx.example.com>\n"),
                      HasSubstr("\n\nThis is self-test weekly. Nobody has to do anything.\n")));
    attempt();
    EXPECT_THAT(words, HasSubstr("but no incident of alert \"emergency\""));
    answer(open_for(left()));
    EXPECT_TRUE(std::holds_alternative<Finished>(attempt()));
    EXPECT_THAT(sink.mails(), SizeIs(1));
    EXPECT_TRUE(record()->last->passed);
}

TEST_F(SelftestKindTest, AWorkerThatDiedAfterSubmittingSubmitsTheSameMailAgain) {
    submit_to(sink.port());
    weekly.from = "test@example.com";
    begin_job();
    const auto before = job.payload;
    attempt();
    job.payload = before;
    now += seconds(40);
    attempt();
    ASSERT_THAT(sink.mails(), SizeIs(2));
    EXPECT_EQ(sink.mails()[0].content, sink.mails()[1].content);
    EXPECT_THAT(sink.mails()[0].sender, HasSubstr("<test@example.com>"));
}

TEST_F(SelftestKindTest, AnMtaThatIsAwayIsTriedUntilItsTimeIsOver) {
    submit_to(1);
    begin_job();
    attempt();
    EXPECT_THAT(words, AllOf(HasSubstr("smtp:127.0.0.1:1: "), HasSubstr("451")));
    now += weekly.within - seconds(1);
    attempt();
    EXPECT_EQ(left().submitted, "");
    EXPECT_THAT(incidents_of("broken"), IsEmpty());
    now += seconds(1);
    EXPECT_TRUE(std::holds_alternative<Finished>(attempt()));
    ASSERT_THAT(incidents_of("broken"), SizeIs(1));
    EXPECT_THAT(incidents_of("broken")[0].say,
                HasSubstr("the MTA did not take the mail: smtp:127.0.0.1:1: "));
    submit_to(sink.port());
    attempt();
    EXPECT_THAT(sink.mails(), IsEmpty());
    EXPECT_THAT(incidents_of("broken"), SizeIs(1));
}

TEST_F(SelftestKindTest, WhatTheMtaRefusesForGoodFailsAtOnce) {
    const rig::SmtpSink refusing({.socket = rig::SmtpSinkOptions::Socket::inet, .switches = {"-f", "RCPT"}});
    submit_to(refusing.port());
    begin_job();
    attempt();
    EXPECT_TRUE(left().refused);
    attempt();
    ASSERT_THAT(incidents_of("broken"), SizeIs(1));
    EXPECT_THAT(incidents_of("broken")[0].say, HasSubstr("the MTA did not take the mail"));
}

TEST_F(SelftestKindTest, LooksMoreRarelyAsTimeGoesByAndWhenItIsOver) {
    submit_to(sink.port());
    begin_job();
    attempt();
    EXPECT_EQ(last_wait, seconds(1));
    now += seconds(50);
    attempt();
    EXPECT_EQ(last_wait, seconds(5));
    now += seconds(840);
    attempt();
    EXPECT_EQ(last_wait, seconds(10));
    now += last_wait;
    EXPECT_TRUE(std::holds_alternative<Finished>(attempt()));
}

TEST_F(SelftestKindTest, NothingIsDecidedWhileTheStoreIsAway) {
    submit_to(sink.port());
    begin_job();
    attempt();
    now += weekly.within;
    store.fault = FailingStore::Fault::after_the_work;
    attempt();
    EXPECT_THAT(words, HasSubstr("not written"));
    EXPECT_THAT(incidents_of("broken"), IsEmpty());
    store.fault = FailingStore::Fault::none;
    attempt();
    EXPECT_THAT(incidents_of("broken"), SizeIs(1));
}

TEST_F(SelftestKindTest, TheTextOfItsMailMayHaveLinesOfItsOwn) {
    weekly.text = "Störung\nToken: {token}\n";
    weekly.subject = "Disk full";
    const auto run = begin();
    EXPECT_THAT(selftest_letter(weekly, run, "mx.example.com"),
                AllOf(HasSubstr("Subject: Disk full\r\n"),
                      testing::EndsWith("\r\n\r\nStörung\r\nToken: " + run.token + "\r\n")));
}

TEST_F(SelftestKindTest, ItsMailBearsNothingThatTellsAMachineFromAPerson) {
    EXPECT_THAT(selftest_letter(weekly, begin(), "mx.example.com"),
                testing::Not(HasSubstr("Auto-Submitted")));
}

}  // namespace
}  // namespace mailrota::runtime::fixture
