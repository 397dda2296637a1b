#include "core/runtime/raising.h"

#include "core/runtime/alert_case_fixture.h"

namespace mailrota::runtime::fixture {
namespace {

using policy::Trigger;
using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using State = policy::Incident::State;
using What = policy::Joined::What;

class RaisingTest : public AlertCase {
  protected:
    static Trigger trigger(const std::string& key = "disk", Trigger::Kind kind = Trigger::Kind::raise) {
        Trigger made;
        made.kind = kind;
        made.alert = "emergency";
        made.rule = "disks";
        made.key = key;
        made.say = "The disk is full.";
        made.lines = {policy::line_digest("The disk is full.")};
        return made;
    }
    std::vector<Raised> raise_all(const mail::Mail& mail, std::vector<Trigger> triggers) {
        policy::Decision decision;
        decision.triggers = std::move(triggers);
        const auto terms = policy();
        return in_store(
            [&](store::Transaction& transaction) { return raise(transaction, terms, mail, decision, now); });
    }
    Raised raise_by(const std::string& id, Trigger one = trigger()) {
        return raise_all(mail_of({.id = id}), {std::move(one)}).at(0);
    }
    Raised resolve_by(const std::string& id) { return raise_by(id, trigger("disk", Trigger::Kind::resolve)); }
    std::vector<Raised> look(const policy::Heartbeat& heartbeat) {
        const auto terms = policy();
        return in_store([&](store::Transaction& transaction) {
            return raise_overdue(transaction, terms, heartbeat, now);
        });
    }
    void beat(const std::string& name) {
        policy::Decision decision;
        decision.beats = {name};
        const auto terms = policy();
        in_store([&](store::Transaction& transaction) {
            return raise(transaction, terms, mail_of({.id = "beat"}), decision, now);
        });
    }
    policy::Heartbeat hourly() {
        policy::Heartbeat heartbeat;
        heartbeat.name = "backup";
        heartbeat.alert = "emergency";
        heartbeat.every = hours(1);
        heartbeat.grace = minutes(5);
        return heartbeat;
    }
};

TEST_F(RaisingTest, ATriggerOpensAnIncidentWithItsMailAndOneEscalationThatIsDue) {
    const auto mail = mail_of({.id = "1"});
    const auto raised = raise_all(mail, {trigger()}).at(0);
    EXPECT_EQ(raised.what, What::opened);
    const auto opened = incident(raised.incident);
    EXPECT_EQ(opened.state, State::open);
    EXPECT_EQ(opened.mail, mail.key.hex);
    EXPECT_EQ(opened.queue_id, mail.queue_id);
    EXPECT_EQ(opened.rule, "disks");
    ASSERT_THAT(jobs(), SizeIs(1));
    EXPECT_EQ(jobs()[0].kind, escalation_kind);
    EXPECT_EQ(jobs()[0].due, now);
    EXPECT_EQ(read_escalation_job(jobs()[0].payload)->incident, opened.number);
}

TEST_F(RaisingTest, AnotherMailIsNotedAndCallsNobodyAgain) {
    const auto first = raise_by("1");
    const auto second = raise_by("2");
    EXPECT_EQ(second.what, What::noted);
    EXPECT_EQ(second.incident, first.incident);
    EXPECT_EQ(incident(first.incident).mails, 2);
    EXPECT_THAT(jobs(), SizeIs(1));
}

TEST_F(RaisingTest, TheSameMailAgainChangesNothing) {
    const auto first = raise_by("1");
    const auto before = incident(first.incident);
    const auto again = raise_by("1");
    EXPECT_EQ(again.what, What::noted);
    EXPECT_EQ(again.incident, first.incident);
    EXPECT_EQ(incident(first.incident), before);
    EXPECT_THAT(story(first.incident), SizeIs(1));
}

TEST_F(RaisingTest, AMailWithoutAnIdOfItsOwnIsKnownByItsBytes) {
    const auto first = raise_by("");
    EXPECT_EQ(first.what, What::opened);
    raise_by("");
    EXPECT_EQ(incident(first.incident).mails, 1);
}

TEST_F(RaisingTest, ABurstOpensWithItsLastMailAndCountsNoneTwiceNorWhatResolves) {
    alert.burst = policy::Burst{3, minutes(10)};
    EXPECT_EQ(raise_by("1").what, What::ignored);
    EXPECT_EQ(raise_by("1").incident, 0);
    EXPECT_EQ(resolve_by("2").what, What::ignored);
    EXPECT_EQ(resolve_by("3").what, What::ignored);
    EXPECT_EQ(raise_by("4").what, What::ignored);
    EXPECT_THAT(jobs(), IsEmpty());
    const auto third = raise_by("5");
    EXPECT_EQ(third.what, What::opened);
    EXPECT_EQ(incident(third.incident).mails, 3);
}

TEST_F(RaisingTest, AMailThatResolvesEndsTheIncidentAndItsRepetitionNotTheNext) {
    const auto first = raise_by("1");
    EXPECT_EQ(resolve_by("2").what, What::resolved);
    EXPECT_EQ(incident(first.incident).state, State::resolved);
    const auto second = raise_by("3");
    EXPECT_EQ(second.what, What::opened);
    resolve_by("2");
    EXPECT_EQ(incident(second.incident).state, State::open);
}

TEST_F(RaisingTest, WhatResolvesMakesCallsDueAtOnceSoThatTheyEnd) {
    const auto number = raise_by("1").incident;
    const auto calling = contact_of(number, "1");
    auto job = contact_job(calling, incident(number), now);
    job.due = now + hours(1);
    run([&](auto& transaction) { return transaction.put_job(job, {}).map([](bool) {}); });
    resolve_by("2");
    for (const auto& one : jobs()) EXPECT_EQ(one.due, now) << one.key;
}

TEST_F(RaisingTest, AnExhaustedIncidentEscalatesAnewWithAJobOfItsOwn) {
    const auto number = raise_by("1").incident;
    auto exhausted = incident(number);
    exhausted.state = State::exhausted;
    put(exhausted);
    EXPECT_EQ(raise_by("2").what, What::reopened);
    EXPECT_EQ(incident(number).escalations, 2);
    ASSERT_THAT(jobs(), SizeIs(2));
    EXPECT_NE(jobs()[0].key, jobs()[1].key);
}

TEST_F(RaisingTest, AFloodOfMailsWritesNoEndlessStory) {
    const auto number = raise_by("1").incident;
    for (int i = 2; i <= 200; ++i) raise_by(std::to_string(i));
    EXPECT_EQ(incident(number).mails, 200);
    EXPECT_LE(story(number).size(), 60U);
}

TEST_F(RaisingTest, EscalationsOutliveWindowsThatQuietHoursProlong) {
    const auto number = raise_by("1").incident;
    EXPECT_GT(jobs()[0].expires, incident(number).until + hours(24 * 365));
}

TEST_F(RaisingTest, AHeartbeatIsMissedOnceForEachTimeAtWhichItWasDue) {
    const auto heartbeat = hourly();
    EXPECT_THAT(look(heartbeat), IsEmpty());
    now += minutes(64);
    EXPECT_THAT(look(heartbeat), IsEmpty());
    now += minutes(1);
    const auto missed = look(heartbeat);
    ASSERT_THAT(missed, SizeIs(1));
    EXPECT_EQ(missed[0].what, What::opened);
    EXPECT_EQ(incident(missed[0].incident).subject, "heartbeat backup did not come");
    EXPECT_THAT(look(heartbeat), IsEmpty());
    now += minutes(59);
    EXPECT_THAT(look(heartbeat), IsEmpty());
    now += minutes(1);
    const auto again = look(heartbeat);
    ASSERT_THAT(again, SizeIs(1));
    EXPECT_EQ(again[0].what, What::noted);
    EXPECT_EQ(again[0].incident, missed[0].incident);
}

TEST_F(RaisingTest, AHeartbeatThatCameIsNotMissed) {
    const auto heartbeat = hourly();
    look(heartbeat);
    now += minutes(60);
    beat("backup");
    now += minutes(64);
    EXPECT_THAT(look(heartbeat), IsEmpty());
    now += minutes(1);
    EXPECT_THAT(look(heartbeat), SizeIs(1));
}

TEST_F(RaisingTest, WhatWasMissedWhileNobodyLookedIsOneAlarm) {
    const auto heartbeat = hourly();
    look(heartbeat);
    now += hours(24 * 30);
    EXPECT_THAT(look(heartbeat), SizeIs(1));
    EXPECT_THAT(look(heartbeat), IsEmpty());
}

// The same by way of the intake, with a store that may be away.
class AlertingMailTest : public AlertCase {
  protected:
    policy::Policy with_rule(policy::OnError on_error) {
        policy::Rule rule;
        rule.name = "disks";
        rule.when = {policy::All{}};
        rule.then = {policy::Raise{"emergency"}, policy::Redirect{{"ann@example.com"}}};
        rule.on_error = on_error;
        return {{rule}, {}, {}, {alert}};
    }
};

TEST_F(AlertingMailTest, AlertsAreToldOfAndTheMailGoesItsWay) {
    const auto taken = take(with_rule(policy::OnError::defer), mail_of({.id = "1"}));
    ASSERT_THAT(taken.raised, SizeIs(1));
    EXPECT_EQ(taken.raised[0].what, What::opened);
    EXPECT_THAT(taken.plan.recipients.at(0).to, ElementsAre("ann@example.com"));
}

TEST_F(AlertingMailTest, AnAlertThatCannotBeRememberedHoldsItsMailBackUnlessItsRuleSaysOtherwise) {
    store.fault = FailingStore::Fault::at_once;
    const auto held = take(with_rule(policy::OnError::defer), mail_of({.id = "1"}));
    EXPECT_TRUE(held.trouble);
    EXPECT_FALSE(held.failed_open);
    EXPECT_THAT(held.plan.recipients.at(0).to, IsEmpty());
    const auto passed = take(with_rule(policy::OnError::pass), mail_of({.id = "1"}));
    EXPECT_TRUE(passed.failed_open);
    EXPECT_THAT(passed.plan.recipients.at(0).to, ElementsAre("ann@example.com"));
}

}  // namespace
}  // namespace mailrota::runtime::fixture
