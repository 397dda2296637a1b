#include "core/runtime/selftest_kind_fixture.h"

// What goes wrong around a self-test itself.
namespace mailrota::runtime::fixture {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using State = policy::Incident::State;

class SelftestFaults : public SelftestKindTest {
  protected:
    // The job that waits for a mail that comes late, taken up in place of the run's.
    void take_the_watch() {
        ASSERT_THAT(jobs_of(selftest_kind), SizeIs(2));
        job = jobs_of(selftest_kind)[1];
        ASSERT_THAT(job.key, AllOf(HasSubstr("selftest weekly "), EndsWith(" late")));
    }
    bool finishes(bool in_effect = true) { return std::holds_alternative<Finished>(attempt(in_effect)); }
};

TEST_F(SelftestFaults, AWorkerThatDoesNotKnowItLeavesItToAnother) {
    submit_to(sink.port());
    begin_job();
    const auto record_before = record();
    const auto payload_before = job.payload;
    for (int looks = 0; looks < 3; ++looks) {
        EXPECT_FALSE(finishes(false));
        EXPECT_GE(last_wait, seconds(1));
        EXPECT_LE(last_wait, seconds(15));
        now += minutes(4);
    }
    EXPECT_EQ(record(), record_before);
    EXPECT_EQ(job.payload, payload_before);
    EXPECT_THAT(sink.mails(), IsEmpty());
    attempt();
    EXPECT_THAT(sink.mails(), SizeIs(1));
    answer(open_for(left()));
    EXPECT_TRUE(finishes());
    EXPECT_TRUE(record()->last->passed);
}

TEST_F(SelftestFaults, OneThatNobodyKnowsIsForgottenWhenItsTimeIsLongOver) {
    begin_job();
    now += weekly.within + minutes(10);
    EXPECT_FALSE(finishes(false));  // a worker that knows it would end it about now
    EXPECT_TRUE(record());
    now += minutes(5);
    EXPECT_TRUE(finishes(false));
    EXPECT_EQ(record(), std::nullopt);
    take_the_watch();
    const auto number = open_for(left());
    EXPECT_TRUE(finishes(false));
    EXPECT_EQ(incident(number).state, State::resolved);
}

TEST_F(SelftestFaults, OneThatWasTakenOutRingsForMinutesAtMost) {
    begin_job();
    const auto number = open_for(left());
    for (const auto& names : {std::vector<std::string>{"weekly"}, std::vector<std::string>()})
        run([&](auto& transaction) { return note_selftests(transaction, names, now); });
    now += minutes(5);
    EXPECT_FALSE(finishes(false));  // another worker may just have been reloaded
    now += seconds(1);
    EXPECT_TRUE(finishes(false));
    EXPECT_EQ(incident(number).state, State::resolved);
    EXPECT_THAT(incidents_of("broken"), IsEmpty());
}

TEST_F(SelftestFaults, ANewRunIsNotForgottenWithAnOldOne) {
    begin_job();
    const auto old = job;
    now += weekly.within;
    look(left());
    const auto newer = begin();
    job = old;
    now += weekly.within + minutes(5);
    attempt(false);
    ASSERT_TRUE(record());
    EXPECT_EQ(record()->run, newer);
}

TEST_F(SelftestFaults, AWorkerThatDiesAtTheEndLeavesAWatchForLateMail) {
    submit_to(sink.port());
    begin_job();
    attempt();
    now += weekly.within;
    const auto before = job.payload;
    attempt();
    job.payload = before;
    testing::internal::CaptureStderr();
    EXPECT_TRUE(finishes());
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("selftest-failed selftest=weekly"));
    EXPECT_THAT(incidents_of("broken"), SizeIs(1));
    take_the_watch();
    now += hours(3);
    attempt();
    EXPECT_EQ(last_wait, seconds(60));
    const auto number = open_for(left());
    EXPECT_TRUE(finishes());
    EXPECT_EQ(incident(number).state, State::resolved);
}

TEST_F(SelftestFaults, WhatCameInWithoutAnAnswerIsNotSubmittedAgain) {
    submit_to(1);
    begin_job();
    attempt();
    ASSERT_NE(left().trouble, "");
    submit_to(sink.port());
    const auto number = open_for(left());
    now += seconds(10);
    EXPECT_FALSE(finishes());
    EXPECT_THAT(words, HasSubstr("no provider accepted a call or SMS"));
    answer(number);
    EXPECT_TRUE(finishes());
    EXPECT_THAT(sink.mails(), IsEmpty());
    EXPECT_EQ(incident(number).state, State::resolved);
    EXPECT_TRUE(record()->last->passed);
}

TEST_F(SelftestFaults, WhatIsNotInAndHadNoAnswerIsSubmittedAgain) {
    submit_to(1);
    begin_job();
    attempt();
    submit_to(sink.port());
    now += seconds(10);
    attempt();
    EXPECT_THAT(sink.mails(), SizeIs(1));
    EXPECT_THAT(left().submitted, HasSubstr("250"));
}

}  // namespace
}  // namespace mailrota::runtime::fixture
