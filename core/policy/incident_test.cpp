#include "core/policy/incident.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/policy/escalation_sample.h"

namespace mailrota::policy {
namespace {

using namespace sample;
using What = Joined::What;
using State = Incident::State;

const Instant now = three_at_night;

Alert one_step() { return alert({{"oncall", 3, minutes{5}}}); }

Known known(Incident incident, std::vector<std::string> lines = {"line"}) {
    return {std::move(incident), std::move(lines), 1};
}
Incident in_state(State state) {
    auto incident = opened(one_step());
    incident.state = state;
    incident.by = "+15550101";
    incident.progress = {1, 2, 3, {"+15550101"}, {}, 4, now};
    return incident;
}
Trigger answer(std::vector<std::string> lines) {
    auto trigger = raised("1", std::move(lines));
    trigger.reply = true;
    return trigger;
}

TEST(Join, OpensAnIncidentThatSaysWhatTheTriggerSays) {
    auto trigger = raised("86581");
    trigger.text = "T1";
    const auto joined = join(one_step(), trigger, {}, now);
    ASSERT_EQ(joined.what, What::opened);
    EXPECT_EQ(joined.incident->alert, "emergency");
    EXPECT_EQ(joined.incident->key, "86581");
    EXPECT_EQ(joined.incident->say, "Ticket 1 escalated");
    EXPECT_EQ(joined.incident->text, "T1");
    EXPECT_EQ(joined.incident->rule, "escalated");
    EXPECT_EQ(joined.incident->opened, now);
    EXPECT_EQ(joined.incident->until, now + hours{12});
    EXPECT_EQ(joined.incident->state, State::open);
    EXPECT_EQ(joined.incident->progress.due, now);
    EXPECT_TRUE(joined.incident->live(now + hours{12} - seconds{1}));
    EXPECT_FALSE(joined.incident->live(now + hours{12}));
}

TEST(Join, AnSmsWithoutATextOfItsOwnSaysWhatIsSpoken) {
    EXPECT_EQ(join(one_step(), raised("1"), {}, now).incident->text, "Ticket 1 escalated");
}

TEST(Join, AWindowLastsAsLongAsItsEscalation) {
    auto shorter = one_step();
    shorter.window = minutes{10};
    shorter.rounds = 2;
    EXPECT_EQ(escalation_time(shorter), minutes{30});
    EXPECT_EQ(opened(shorter).until, now + minutes{30});
}

TEST(Join, NotesAMailOfAnOpenOrAcknowledgedIncident) {
    for (const auto state : {State::open, State::acknowledged}) {
        const auto before = in_state(state);
        const auto joined = join(one_step(), raised("1", {"new line"}), known(before), now + hours{1});
        EXPECT_EQ(joined.what, What::noted);
        auto wanted = before;
        wanted.mails = 2;
        EXPECT_EQ(joined.incident, wanted);
    }
}

TEST(Join, AnExhaustedIncidentEscalatesAnewForANewLineOrAMachine) {
    const auto before = in_state(State::exhausted);
    for (const auto& trigger : {answer({"line", "new line"}), raised("1", {"line"})}) {
        const auto joined = join(one_step(), trigger, known(before), now + hours{1});
        ASSERT_EQ(joined.what, What::reopened);
        EXPECT_EQ(joined.incident->number, 17);
        EXPECT_EQ(joined.incident->state, State::open);
        EXPECT_EQ(joined.incident->escalations, 2);
        EXPECT_EQ(joined.incident->mails, 2);
        EXPECT_EQ(joined.incident->by, "");
        EXPECT_EQ(joined.incident->changed, now + hours{1});
        Progress fresh;
        fresh.due = now + hours{1};
        EXPECT_EQ(joined.incident->progress, fresh);
    }
}

TEST(Join, AnAnswerThatQuotesOldLinesStaysQuietOnAnExhaustedIncident) {
    const auto joined = join(one_step(), answer({"line"}), known(in_state(State::exhausted)), now);
    EXPECT_EQ(joined.what, What::noted);
    EXPECT_EQ(joined.incident->state, State::exhausted);
    EXPECT_EQ(joined.incident->mails, 2);
}

TEST(Join, AnIncidentEscalatedLateInItsWindowStillHasItsTime) {
    const auto late = now + hours{12} - minutes{1};
    const auto joined = join(one_step(), raised("1", {"new"}), known(in_state(State::exhausted)), late);
    EXPECT_EQ(joined.incident->until, late + minutes{15});
}

TEST(Join, AfterItsWindowOrWhenItIsResolvedAFreshOneIsOpened) {
    const auto late = join(one_step(), raised("1"), known(in_state(State::acknowledged)), now + hours{12});
    EXPECT_EQ(late.what, What::opened);
    EXPECT_EQ(late.incident->number, 0);
    EXPECT_EQ(join(one_step(), raised("1"), known(in_state(State::resolved)), now).what, What::opened);
}

TEST(Join, ABurstOpensOnlyWhenItIsComplete) {
    auto bursting = one_step();
    bursting.burst = Burst{5, minutes{10}};
    const auto third = join(bursting, raised("1"), {{}, {}, 3}, now);
    EXPECT_EQ(third.what, What::ignored);
    EXPECT_EQ(third.incident, std::nullopt);
    EXPECT_EQ(third.why, "3 of 5 mails in 10m");
    const auto fifth = join(bursting, raised("1"), {{}, {}, 5}, now);
    EXPECT_EQ(fifth.what, What::opened);
    EXPECT_EQ(fifth.incident->mails, 5);
    EXPECT_EQ(join(bursting, raised("1"), {in_state(State::exhausted), {}, 4}, now).what, What::noted);
    EXPECT_EQ(join(bursting, raised("1"), {in_state(State::exhausted), {}, 5}, now).what, What::reopened);
}

TEST(Join, AMailResolvesWhatIsLiveAndNothingElse) {
    auto over = raised("1");
    over.kind = Trigger::Kind::resolve;
    for (const auto state : {State::open, State::acknowledged, State::exhausted}) {
        const auto joined = join(one_step(), over, known(in_state(state)), now + hours{1});
        ASSERT_EQ(joined.what, What::resolved);
        EXPECT_EQ(joined.incident->state, State::resolved);
        EXPECT_EQ(joined.incident->by, "mail");
    }
    EXPECT_EQ(join(one_step(), over, {}, now).what, What::ignored);
    EXPECT_EQ(join(one_step(), over, known(in_state(State::open)), now + hours{13}).what, What::ignored);
}

TEST(Incident, IsAcknowledgedOnceAndResolvedOnce) {
    const auto open = in_state(State::open);
    const auto taken = acknowledged(open, "+15550102", now + minutes{1});
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->by, "+15550102");
    EXPECT_EQ(taken->changed, now + minutes{1});
    EXPECT_EQ(acknowledged(*taken, "+15550103", now), std::nullopt);
    EXPECT_TRUE(acknowledged(in_state(State::exhausted), "ann at the console", now));
    const auto over = resolved(*taken, "mail", now + minutes{2});
    ASSERT_TRUE(over);
    EXPECT_EQ(over->state, State::resolved);
    EXPECT_EQ(resolved(*over, "mail", now), std::nullopt);
    EXPECT_EQ(acknowledged(*over, "mail", now), std::nullopt);
}

TEST(Incident, IsPassedOnOnlyByThoseItHasComeTo) {
    const auto open = in_state(State::open);
    const auto passed = passed_on(open, "+15550101");
    ASSERT_TRUE(passed);
    EXPECT_TRUE(passed->progress.members.empty());
    EXPECT_EQ(passed_on(open, "+15550102"), std::nullopt);
    EXPECT_EQ(passed_on(in_state(State::acknowledged), "+15550101"), std::nullopt);
}

TEST(Incident, EnumsHaveDistinctWords) {
    EXPECT_EQ(to_string(State::open), "open");
    EXPECT_EQ(to_string(State::exhausted), "exhausted");
    EXPECT_EQ(to_string(What::opened), "opened");
    EXPECT_EQ(to_string(What::ignored), "ignored");
    EXPECT_EQ(to_string(Contact::State::waiting), "waiting");
    EXPECT_EQ(to_string(Contact::State::cancelled), "cancelled");
    EXPECT_EQ(to_string(ContactWay::sms), "SMS");
}

}  // namespace
}  // namespace mailrota::policy
