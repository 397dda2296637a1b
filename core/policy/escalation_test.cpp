#include "core/policy/escalation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/policy/escalation_sample.h"

namespace mailrota::policy {
namespace {

using namespace sample;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using State = Contact::State;

const std::string ann = "+15550101";
const std::string ben = "+15550102";
const std::string cyd = "+15550103";

std::vector<Rota> three_rotas() {
    return {phones("oncall", Strategy::failover, {phone("Ann", ann)}),
            phones("backup", Strategy::failover, {phone("Ben", ben)}),
            phones("tertiary", Strategy::failover, {phone("Cyd", cyd)})};
}

// procmail-twilio's 3, 2, 2 calls, 300 seconds each.
Alert three_two_two(seconds redial = seconds{300}) {
    return alert({{"oncall", 3, seconds{300}, redial},
                  {"backup", 2, seconds{300}, redial},
                  {"tertiary", 2, seconds{300}, redial}});
}

TEST(Tw12, BusyAndNoAnswerGoOnInTheOrderThreeTwoTwo) {
    Exchange exchange(three_two_two(), three_rotas(), no_answer);
    exchange.run();
    EXPECT_THAT(exchange.log(),
                ElementsAre("03:00:00 " + ann, "03:05:00 " + ann, "03:10:00 " + ann, "03:15:00 " + ben,
                            "03:20:00 " + ben, "03:25:00 " + cyd, "03:30:00 " + cyd));
    EXPECT_EQ(exchange.incident.state, Incident::State::exhausted);
    EXPECT_EQ(exchange.now, three_at_night + minutes{35});
    EXPECT_EQ(exchange.fallbacks, 1);
    EXPECT_FALSE(exchange.repeated);
}

TEST(Tw12, ACallThatReachedNobodyIsFollowedSoonerThanOneThatWasAnswered) {
    Exchange exchange(three_two_two(seconds{60}), three_rotas(), [](const Contact& contact) {
        return contact.attempt == 1 ? unacknowledged(contact) : no_answer(contact);
    });
    exchange.run();
    EXPECT_THAT(exchange.log(),
                ElementsAre("03:00:00 " + ann, "03:05:00 " + ann, "03:06:30 " + ann, "03:08:00 " + ben,
                            "03:09:30 " + ben, "03:11:00 " + cyd, "03:12:30 " + cyd));
}

TEST(Tw13, CompletedWithoutAKeyIsNotAcknowledged) {
    Exchange exchange(three_two_two(), three_rotas(), unacknowledged);
    exchange.run();
    EXPECT_THAT(exchange.contacts, SizeIs(7));
    EXPECT_EQ(exchange.incident.state, Incident::State::exhausted);
}

TEST(Tw13, WithUpstreamsRuleAnAnsweredCallAcknowledges) {
    auto rule = three_two_two();
    rule.acknowledge = Acknowledge::answer;
    Exchange exchange(rule, three_rotas(), [](const Contact& contact) {
        return contact.attempt == 2 ? unacknowledged(contact) : no_answer(contact);
    });
    exchange.run();
    EXPECT_THAT(exchange.log(), ElementsAre("03:00:00 " + ann, "03:05:00 " + ann));
    EXPECT_EQ(exchange.incident.state, Incident::State::acknowledged);
    EXPECT_EQ(exchange.incident.by, ann);
    EXPECT_EQ(exchange.incident.changed, three_at_night + seconds{340});
}

// Case 1 of the facts on calls: busy, no answer, completed without a key, key 1.
TEST(Calls, OnlyTheKeyAcknowledgesAndTheRightPersonsAreCalledInOrder) {
    Exchange exchange(alert({{"oncall", 2, seconds{300}, seconds{60}}, {"backup", 2}}), three_rotas(),
                      [](const Contact& contact) {
                          const Fate fates[] = {{State::unreached, seconds{5}},
                                                {State::unreached, seconds{30}},
                                                {State::done, seconds{40}},
                                                {State::placed, seconds::max()}};
                          return fates[contact.attempt - 1];
                      });
    exchange.run(three_at_night + minutes{7} + seconds{35});
    ASSERT_THAT(exchange.log(),
                ElementsAre("03:00:00 " + ann, "03:01:05 " + ann, "03:02:35 " + ben, "03:07:35 " + ben));
    exchange.incident = *acknowledged(exchange.incident, ben, exchange.now);
    const auto next = exchange.step();
    EXPECT_THAT(next.contacts, IsEmpty());
    EXPECT_EQ(next.wake, std::nullopt);
    EXPECT_EQ(next.after, exchange.incident);
}

TEST(Escalation, RoundsRepeatTheSteps) {
    auto twice =
        alert({{"oncall", 1, seconds{300}, seconds{300}}, {"backup", 1, seconds{300}, seconds{300}}});
    twice.rounds = 2;
    Exchange exchange(twice, three_rotas(), no_answer);
    exchange.run();
    EXPECT_THAT(exchange.log(),
                ElementsAre("03:00:00 " + ann, "03:05:00 " + ben, "03:10:00 " + ann, "03:15:00 " + ben));
    EXPECT_THAT(exchange.story, Contains("call: round 2 of 2, step 1 of 2: call to Ann, try 1 of 1"));
}

TEST(Escalation, AStepOfARoundRobinDrawsATurnAndKeepsItForItsTries) {
    auto twice = alert({{"team", 2, seconds{300}, seconds{300}}});
    twice.rounds = 2;
    Exchange exchange(twice, {phones("team", Strategy::round_robin, {phone("Ann", ann), phone("Ben", ben)})},
                      no_answer);
    exchange.run();
    EXPECT_THAT(exchange.log(),
                ElementsAre("03:00:00 " + ann, "03:05:00 " + ann, "03:10:00 " + ben, "03:15:00 " + ben));
    EXPECT_EQ(exchange.on_call.rotas["team"].state[ann].turns, 1);
    EXPECT_EQ(exchange.on_call.rotas["team"].state[ben].turns, 1);
}

TEST(Escalation, StrategyAllCallsEverybodySideBySide) {
    Exchange exchange(alert({{"team", 2, seconds{300}, seconds{60}}}),
                      {phones("team", Strategy::all, {phone("Ann", ann), phone("Ben", ben)})},
                      [](const Contact& contact) {
                          return Fate{State::unreached, seconds{contact.member == ann ? 10 : 50}};
                      });
    exchange.run();
    EXPECT_THAT(exchange.log(),
                ElementsAre("03:00:00 " + ann, "03:00:00 " + ben, "03:01:50 " + ann, "03:01:50 " + ben));
}

TEST(Escalation, AStepWithoutAnybodyAvailableIsPassedOverAtOnceAndTold) {
    auto rotas = three_rotas();
    rotas[0].members[0].paused = true;
    Exchange exchange(three_two_two(), rotas, no_answer);
    exchange.step();
    EXPECT_THAT(exchange.log(), ElementsAre("03:00:00 " + ben));
    EXPECT_THAT(exchange.story,
                Contains("nobody: step 1 of 3: nobody of rota oncall can be called: Ann paused"));
}

TEST(Escalation, WithNobodyAtAllItIsExhaustedAtOnceHoweverManyRounds) {
    auto rotas = three_rotas();
    for (auto& rota : rotas) rota.members[0].paused = true;
    auto rounds = three_two_two();
    rounds.rounds = 20;
    rounds.escalate.push_back({"no such rota"});
    Exchange exchange(rounds, rotas, no_answer);
    const auto next = exchange.step();
    EXPECT_TRUE(next.exhausted);
    EXPECT_EQ(next.wake, std::nullopt);
    EXPECT_EQ(next.after.state, Incident::State::exhausted);
    EXPECT_THAT(next.story, SizeIs(5));
}

TEST(Escalation, ItsWindowsEndExhaustsIt) {
    Exchange exchange(three_two_two(), three_rotas(), no_answer);
    exchange.incident.until = three_at_night + minutes{7};
    exchange.run();
    EXPECT_EQ(exchange.now, three_at_night + minutes{7});
    EXPECT_THAT(exchange.contacts, SizeIs(2));
    EXPECT_EQ(exchange.fallbacks, 1);
}

TEST(Escalation, AsksNothingOfAnIncidentThatIsNotOpen) {
    for (const auto state :
         {Incident::State::acknowledged, Incident::State::resolved, Incident::State::exhausted}) {
        Exchange exchange(three_two_two(), three_rotas(), no_answer);
        exchange.incident.state = state;
        const auto before = exchange.incident;
        const auto next = exchange.step();
        EXPECT_THAT(next.contacts, IsEmpty());
        EXPECT_EQ(next.wake, std::nullopt);
        EXPECT_EQ(next.after, before);
        EXPECT_FALSE(next.exhausted);
    }
}

TEST(Escalation, AfterAStandstillItGoesOnWhereItWasAndDoesNotCatchUp) {
    Exchange exchange(three_two_two(), three_rotas(), no_answer);
    exchange.step();
    exchange.contacts[0].state = State::unreached;
    exchange.contacts[0].ended = exchange.now + seconds{30};
    exchange.now += hours{2};
    exchange.step();
    EXPECT_THAT(exchange.log(), ElementsAre("03:00:00 " + ann, "05:00:00 " + ann));
}

TEST(Escalation, GoesOnWhenTheConfigurationHasLostItsStepOrMember) {
    Exchange shorter(three_two_two(), three_rotas(), no_answer);
    shorter.incident.progress.step = 7;
    EXPECT_TRUE(shorter.step().exhausted);
    Exchange without(three_two_two(), three_rotas(), no_answer);
    without.step();
    without.rotas[0].members[0] = phone("Dee", "+15550104");
    without.step();
    EXPECT_THAT(without.log(), ElementsAre("03:00:00 " + ann, "03:00:00 +15550104"));
}

}  // namespace
}  // namespace mailrota::policy
