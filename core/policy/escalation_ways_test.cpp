#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/policy/escalation_sample.h"

namespace mailrota::policy {
namespace {

using namespace sample;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using State = Contact::State;
using Way = ContactWay;

const std::string ann = "+15550101";
const std::string ben = "+15550102";

std::vector<Rota> team(std::vector<Member> members, Strategy strategy = Strategy::failover) {
    return {phones("team", strategy, std::move(members))};
}
Alert tries(int tries, seconds redial = seconds{60}) {
    return alert({{"team", tries, seconds{300}, redial}});
}

TEST(Ways, AnSmsFollowsACallThatEndedWithoutAcknowledgement) {
    for (const auto& end : {no_answer, unacknowledged}) {
        Exchange exchange(tries(1), team({phone("Ann", ann, {Way::call, Way::sms})}),
                          [&](const Contact& contact) {
                              return contact.way == Way::sms ? unacknowledged(contact) : end(contact);
                          });
        exchange.run();
        ASSERT_EQ(exchange.contacts.size(), 2U);
        EXPECT_EQ(exchange.contacts[1].way, Way::sms);
        EXPECT_EQ(exchange.contacts[1].made, exchange.contacts[0].ended);
        EXPECT_EQ(exchange.now, three_at_night + minutes{5});
    }
}

TEST(Ways, ACallFollowsAnSmsOfWhichNoWordComes) {
    Exchange exchange(tries(2), team({phone("Ann", ann, {Way::sms, Way::call})}), [](const Contact& contact) {
        return contact.way == Way::sms ? hangs(contact) : no_answer(contact);
    });
    exchange.run();
    EXPECT_THAT(exchange.log(), ElementsAre("03:00:00 sms " + ann, "03:01:00 " + ann, "03:05:00 sms " + ann,
                                            "03:06:00 " + ann));
}

TEST(Ways, ACallFollowsAtOnceAnSmsThatFailedAndInTimeEvenWithoutRedialling) {
    Exchange failed(tries(1), team({phone("Ann", ann, {Way::sms, Way::call})}), no_answer);
    failed.run();
    EXPECT_THAT(failed.log(), ElementsAre("03:00:00 sms " + ann, "03:00:30 " + ann));
    Exchange slow(tries(1, seconds{300}), team({phone("Ann", ann, {Way::sms, Way::call})}), hangs);
    slow.run();
    EXPECT_THAT(slow.log(), ElementsAre("03:00:00 sms " + ann, "03:02:30 " + ann));
}

TEST(Ways, MessagesGoToTheirOwnNumberInTheMembersLanguage) {
    auto member = phone("Ann", ann, {Way::sms, Way::call});
    member.sms = "+15550199";
    member.language = "de-DE";
    member.voice = "Some-Voice";
    Exchange exchange(tries(1), team({member}), no_answer);
    exchange.run();
    ASSERT_EQ(exchange.contacts.size(), 2U);
    EXPECT_EQ(exchange.contacts[0].number, "+15550199");
    EXPECT_EQ(exchange.contacts[1].number, ann);
    EXPECT_EQ(exchange.contacts[1].language, "de-DE");
    EXPECT_EQ(exchange.contacts[1].voice, "Some-Voice");
    EXPECT_EQ(exchange.contacts[1].incident, 17);
}

TEST(Ways, EverybodyOfAllComesThroughTheirOwnWays) {
    Exchange exchange(tries(1),
                      team({phone("Ann", ann, {Way::call, Way::sms}), phone("Ben", ben)}, Strategy::all),
                      no_answer);
    exchange.run();
    EXPECT_THAT(exchange.log(), ElementsAre("03:00:00 " + ann, "03:00:00 " + ben, "03:00:30 sms " + ann));
}

TEST(Barred, TheNextMemberTakesOverAtOnceWithTriesOfItsOwn) {
    Exchange exchange(tries(2), team({phone("Ann", ann), phone("Ben", ben)}), [](const Contact& contact) {
        return contact.member == ann ? Fate{State::barred, seconds{1}} : no_answer(contact);
    });
    exchange.run();
    EXPECT_THAT(exchange.log(), ElementsAre("03:00:00 " + ann, "03:00:01 " + ben, "03:01:31 " + ben));
    EXPECT_THAT(exchange.story, Contains("barred: step 1 of 1: Ann cannot be reached at all"));
}

TEST(Barred, AMemberWithAnotherWayStays) {
    Exchange exchange(
        tries(2), team({phone("Ann", ann, {Way::sms, Way::call}), phone("Ben", ben)}),
        [](const Contact& contact) {
            return contact.way == Way::sms ? Fate{State::barred, seconds{1}} : no_answer(contact);
        });
    exchange.run();
    EXPECT_THAT(exchange.log(), ElementsAre("03:00:00 sms " + ann, "03:00:01 " + ann, "03:01:31 " + ann));
}

TEST(Barred, NumbersKnownBeforeAreNeverTried) {
    Exchange exchange(tries(1), team({phone("Ann", ann), phone("Ben", ben)}, Strategy::all), no_answer);
    exchange.on_call.barred = {{Way::call, ann}};
    exchange.run();
    EXPECT_THAT(exchange.log(), ElementsAre("03:00:00 " + ben));
}

TEST(Barred, WhenAllAreTheFallbackIsToldAtOnce) {
    Exchange exchange(tries(3), team({phone("Ann", ann), phone("Ben", ben)}), [](const Contact&) {
        return Fate{State::barred, seconds{1}};
    });
    exchange.run();
    EXPECT_EQ(exchange.contacts.size(), 2U);
    EXPECT_EQ(exchange.now, three_at_night + seconds{2});
    EXPECT_EQ(exchange.fallbacks, 1);
}

TEST(UnderWay, ANumberIsNotCalledWhileItsCallTalksAndTheStepsGoOn) {
    auto two = tries(2);
    two.escalate.push_back({"backup"});
    Exchange exchange(
        two,
        {phones("team", Strategy::failover, {phone("Ann", ann)}),
         phones("backup", Strategy::failover, {phone("Ben", ben)})},
        [](const Contact& contact) { return contact.member == ann ? hangs(contact) : no_answer(contact); });
    exchange.run();
    EXPECT_THAT(exchange.log(), ElementsAre("03:00:00 " + ann, "03:10:00 " + ben));
    EXPECT_EQ(exchange.incident.state, Incident::State::exhausted);
}

TEST(UnderWay, TheTryComesToTheNumberWhenItsCallIsOver) {
    Exchange exchange(tries(2), team({phone("Ann", ann)}), [](const Contact& contact) {
        return contact.attempt == 1 ? Fate{State::done, seconds{330}} : no_answer(contact);
    });
    exchange.run();
    EXPECT_THAT(exchange.log(), ElementsAre("03:00:00 " + ann, "03:05:30 " + ann));
}

TEST(UnderWay, ANumberThatHangsIsWrittenTo) {
    Exchange exchange(tries(2), team({phone("Ann", ann, {Way::call, Way::sms})}), hangs);
    exchange.run();
    EXPECT_THAT(exchange.log(), ElementsAre("03:00:00 " + ann, "03:05:00 sms " + ann));
}

TEST(PassedOn, TheNextStepBeginsAtOnce) {
    auto two = tries(3);
    two.escalate.push_back({"backup"});
    Exchange exchange(two,
                      {phones("team", Strategy::failover, {phone("Ann", ann)}),
                       phones("backup", Strategy::failover, {phone("Ben", ben)})},
                      hangs);
    exchange.step();
    exchange.now += seconds{20};
    exchange.incident = *passed_on(exchange.incident, ann);
    EXPECT_EQ(passed_on(exchange.incident, ann), std::nullopt);
    exchange.step();
    EXPECT_THAT(exchange.log(), ElementsAre("03:00:00 " + ann, "03:00:20 " + ben));
    EXPECT_EQ(passed_on(exchange.incident, ann), std::nullopt) << "it has come to Ben already";
}

TEST(PassedOn, InTheLastStepSomebodyElseOfTheRotaTakesOver) {
    Exchange exchange(tries(2), team({phone("Ann", ann), phone("Ben", ben)}), no_answer);
    exchange.step();
    exchange.incident = *passed_on(exchange.incident, ann);
    exchange.run();
    EXPECT_THAT(exchange.log(), ElementsAre("03:00:00 " + ann, "03:00:00 " + ben, "03:01:30 " + ben));
    EXPECT_EQ(exchange.incident.state, Incident::State::exhausted);
}

TEST(PassedOn, WhoIsAloneIsNotAskedAgainAtOnce) {
    auto twice = tries(2);
    twice.rounds = 2;
    Exchange exchange(twice, team({phone("Ann", ann)}), no_answer);
    exchange.step();
    exchange.incident = *passed_on(exchange.incident, ann);
    exchange.run();
    EXPECT_THAT(exchange.log(), ElementsAre("03:00:00 " + ann, "03:05:00 " + ann, "03:06:30 " + ann));
}

TEST(PassedOn, OfAllOnlyTheOneIsOut) {
    Exchange exchange(tries(2), team({phone("Ann", ann), phone("Ben", ben)}, Strategy::all), no_answer);
    exchange.step();
    exchange.incident = *passed_on(exchange.incident, ann);
    exchange.run();
    EXPECT_THAT(exchange.log(), ElementsAre("03:00:00 " + ann, "03:00:00 " + ben, "03:01:30 " + ben));
}

}  // namespace
}  // namespace mailrota::policy
