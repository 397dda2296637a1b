#include "core/runtime/selftest_run.h"

#include "core/runtime/selftest_case_fixture.h"

namespace mailrota::runtime::fixture {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using State = policy::Incident::State;
using What = SelftestLook::What;

class SelftestRunTest : public SelftestCase {
  protected:
    std::optional<SelftestRun> begin_due() {
        return in_store([&](auto& transaction) { return begin_due_selftest(transaction, weekly, now); }).run;
    }
};

TEST_F(SelftestRunTest, OneRunIsUnderWayWhoeverAsks) {
    const auto run = begin();
    EXPECT_THAT(run.token, SizeIs(32));
    EXPECT_EQ(record()->run, run);
    for (int worker = 0; worker < 2; ++worker) {
        const auto again =
            in_store([&](auto& transaction) { return begin_selftest(transaction, weekly, "ben", now); });
        EXPECT_EQ(again, std::nullopt);
        EXPECT_EQ(begin_due(), std::nullopt);
    }
    ASSERT_THAT(jobs_of(selftest_kind), SizeIs(1));
    EXPECT_EQ(read_selftest_run(jobs_of(selftest_kind)[0].payload), run);
    EXPECT_THAT(jobs_of(selftest_kind)[0].key, testing::Not(HasSubstr(run.token)));
}

TEST_F(SelftestRunTest, WhatWasMissedForWeeksIsOneRun) {
    EXPECT_EQ(begin_due(), std::nullopt);  // known since now
    now += hours(24 * 7) - seconds(1);
    EXPECT_EQ(begin_due(), std::nullopt);
    now += hours(24 * 50);
    const auto run = begin_due();
    ASSERT_TRUE(run);
    now += minutes(1);
    answer(open_for(*run));
    EXPECT_EQ(look(*run).what, What::passed);
    EXPECT_EQ(begin_due(), std::nullopt);
    EXPECT_EQ(next_selftest(weekly, *record()), run->begun + hours(24 * 7));
}

TEST_F(SelftestRunTest, TenYearsOfMondaysAtTenByTheLocalClock) {
    weekly.due.every = {};
    weekly.due.by = hours(10);
    weekly.due.days = policy::Hours::parse("Mon").value();
    weekly.due.zone = policy::Zone::find("Europe/London").value();
    begin_due();
    int runs = 0;
    while (now < start + hours(24 * 3652)) {
        now = next_selftest(weekly, *record());
        EXPECT_EQ(weekly.due.zone.local(now).time_since_epoch() % hours(24), hours(10));
        const auto run = begin_due();
        ASSERT_TRUE(run);
        now += minutes(15);
        ASSERT_EQ(look(*run).what, What::failed);
        ++runs;
    }
    EXPECT_NEAR(runs, 522, 1);  // weeks of ten years
    // Nobody took the alarm on: its windows end, and it is raised anew.
    EXPECT_GT(incidents_of("broken").size(), 10U);
}

TEST_F(SelftestRunTest, ATimeOfDayMissedByMoreThanAnHourIsLeftToTheNext) {
    weekly.due.every = {};
    weekly.due.by = hours(10);
    begin_due();
    const auto due = next_selftest(weekly, *record());
    now = due + hours(1);
    ASSERT_TRUE(begin_due());  // not yet by more
    now += weekly.within;
    look(*record()->run);
    EXPECT_EQ(next_selftest(weekly, *record()), due + hours(24));
    now = due + hours(24 * 3 + 17);  // at three in the morning
    EXPECT_EQ(begin_due(), std::nullopt);
    EXPECT_EQ(next_selftest(weekly, *record()), due + hours(24 * 4));
    now = due + hours(24 * 4);
    EXPECT_TRUE(begin_due());
}

TEST_F(SelftestRunTest, OneThatBeginsAfterMidnightLeavesTheNextInItsPlace) {
    weekly.due.every = {};
    weekly.due.by = hours(23) + minutes(50);
    begin_due();
    const auto due = next_selftest(weekly, *record());
    now = due + minutes(20);
    ASSERT_TRUE(begin_due());
    EXPECT_EQ(next_selftest(weekly, *record()), due + hours(24));
}

TEST_F(SelftestRunTest, ARunByHandDoesNotMoveTheOthers) {
    begin_due();
    const auto due = next_selftest(weekly, *record());
    now += hours(1);
    look(begin());
    EXPECT_EQ(next_selftest(weekly, *record()), due);
}

TEST_F(SelftestRunTest, ItsIncidentIsResolvedWhenItHasComeThrough) {
    const auto run = begin();
    EXPECT_EQ(look(run).what, What::waits);
    const auto number = open_for(run);
    now += seconds(30);
    EXPECT_EQ(look(run).what, What::waits);
    answer(number);
    const auto passed = look(run);
    EXPECT_EQ(passed.what, What::passed);
    EXPECT_EQ(passed.incident, number);
    EXPECT_EQ(incident(number).state, State::resolved);
    EXPECT_EQ(incident(number).by, "self-test weekly");
    EXPECT_EQ(jobs_of(escalation_kind).at(0).due, now - seconds(30));
    EXPECT_THAT(incidents_of("broken"), IsEmpty());
    EXPECT_THAT(jobs_of(deliver_kind), IsEmpty());
    EXPECT_EQ(record()->passed, now);
    EXPECT_TRUE(record()->last->passed);
    EXPECT_EQ(record()->run, std::nullopt);
}

TEST_F(SelftestRunTest, AnIncidentOfAnotherRunIsNoProof) {
    auto other = begin();
    other.token = std::string(32, '0');
    answer(open_for(other));
    EXPECT_EQ(look(*record()->run).what, What::waits);
}

TEST_F(SelftestRunTest, AFailureRaisesItsAlarmOnceAndTellsOnce) {
    auto run = begin();
    run.submitted = "250 2.0.0 Ok";
    now += weekly.within;
    const auto failed = look(run);
    EXPECT_EQ(failed.what, What::failed);
    for (int worker = 0; worker < 2; ++worker) EXPECT_EQ(look(run).what, What::failed);
    const auto alarms = incidents_of("broken");
    ASSERT_THAT(alarms, SizeIs(1));
    EXPECT_EQ(alarms[0].number, failed.alarm);
    EXPECT_THAT(alarms[0].say, HasSubstr("the MTA took the mail (250 2.0.0 Ok), but no incident"));
    EXPECT_THAT(jobs_of(escalation_kind), SizeIs(1));
    ASSERT_THAT(jobs_of(deliver_kind), SizeIs(1));
    EXPECT_THAT(read_deliver_job(jobs_of(deliver_kind)[0].payload)->recipients, SizeIs(2));
    EXPECT_FALSE(record()->last->passed);
    EXPECT_EQ(record()->passed, std::nullopt);
}

TEST_F(SelftestRunTest, WhatFailsAgainIsNotedAndThePassAfterItResolvesTheAlarm) {
    for (int week = 0; week < 2; ++week) {
        const auto run = begin();
        now += weekly.within;
        look(run);
    }
    ASSERT_THAT(incidents_of("broken"), SizeIs(1));
    EXPECT_EQ(incidents_of("broken")[0].mails, 2);
    const auto run = begin();
    answer(open_for(run));
    EXPECT_EQ(look(run).what, What::passed);
    EXPECT_EQ(incidents_of("broken")[0].state, State::resolved);
}

TEST_F(SelftestRunTest, NobodyElseIsCalledForATestThatFailed) {
    const auto run = begin();
    const auto number = open_for(run);
    now += weekly.within;
    EXPECT_THAT(look(run).words, HasSubstr("no provider accepted a call or SMS"));
    EXPECT_EQ(incident(number).state, State::resolved);
}

TEST_F(SelftestRunTest, AMailThatComesLateCallsNobodyForLong) {
    auto run = begin();
    now += weekly.within;
    look(run);
    run.over = true;
    EXPECT_EQ(look(run).what, What::waits);
    now += hours(3);
    const auto number = open_for(run);
    EXPECT_EQ(look(run).what, What::late);
    EXPECT_EQ(incident(number).state, State::resolved);
    EXPECT_FALSE(record()->last->passed);
}

TEST_F(SelftestRunTest, LateMailsAreWaitedForADay) {
    auto run = begin();
    run.over = true;
    now += hours(24);
    EXPECT_EQ(look(run).what, What::over);
}

TEST_F(SelftestRunTest, OneThatLeftTheConfigurationEndsWithoutAnAlarm) {
    const auto run = begin();
    EXPECT_EQ(look(run, false).what, What::waits);
    now += weekly.within + minutes(15);
    const auto number = open_for(run);
    EXPECT_EQ(look(run, false).what, What::late);
    EXPECT_EQ(record(), std::nullopt);
    EXPECT_EQ(incident(number).state, State::resolved);
    EXPECT_THAT(incidents_of("broken"), IsEmpty());
}

TEST_F(SelftestRunTest, ThatTheMailCameInIsTold) {
    auto run = begin();
    run.submitted = "250 Ok";
    store::StoredMail mail;
    mail.id = "0123456789abcdef0123456789abcdef";
    mail.message_id = "selftest-" + run.token + "@mx.example.com";
    mail.listener = "in";
    mail.queue_id = "4XyZ";
    mail.arrived = now;
    store::JournalEntry entry;
    entry.offer = "offer";
    entry.mail = mail.id;
    entry.at = now;
    this->run([&](auto& transaction) { return transaction.put_journal(mail, {entry}); });
    now += weekly.within;
    EXPECT_THAT(look(run).words, HasSubstr("the mail came to listener in as 4XyZ, but no rule raised it"));
}

TEST_F(SelftestRunTest, ARunWithoutAJobIsFoundWhenItsTimeIsLongOver) {
    const auto run = begin();
    now += weekly.within + minutes(10) - seconds(1);
    EXPECT_EQ(stranded_run(weekly, *record(), now), std::nullopt);
    now += seconds(1);
    const auto stranded = stranded_run(weekly, *record(), now);
    ASSERT_TRUE(stranded);
    EXPECT_EQ(look(*stranded).what, What::failed);
    EXPECT_EQ(stranded_run(weekly, *record(), now), std::nullopt);
}

}  // namespace
}  // namespace mailrota::runtime::fixture
