#include "core/runtime/relay_past.h"

#include <gmock/gmock.h>

namespace mailrota::runtime {
namespace {

using config::RelayRota;
using std::chrono::seconds;
using store::RelayAttempt;
using Kind = Past::Kind;
using Outcome = RelayAttempt::Recipient::Outcome;
using State = RelayAttempt::State;
using Uncertain = RelayRota::Uncertain;
using Way = Doubt::Way;

store::Time at(int second) { return store::Time{seconds(second)}; }

RelayAttempt attempt_of(State state, Outcome outcome, int begun = 0) {
    RelayAttempt attempt;
    attempt.id = "a" + std::to_string(begun);
    attempt.provider = "one";
    attempt.state = state;
    attempt.begun = attempt.last = at(begun);
    attempt.recipients.resize(2);
    attempt.recipients[0].offer = "offer";
    attempt.recipients[0].outcome = outcome;
    attempt.recipients[1].offer = "another";
    attempt.recipients[1].outcome = Outcome::accepted;
    return attempt;
}

Kind kind_of(const std::vector<RelayAttempt>& attempts, int now = 1000) {
    return past_of(
               "offer", attempts, [](std::string_view) { return seconds(90); }, at(now))
        .kind;
}

TEST(RelayPast, EachOutcomeOfTheRecipientItselfCounts) {
    EXPECT_EQ(kind_of({}), Kind::nothing);
    EXPECT_EQ(kind_of({attempt_of(State::accepted, Outcome::accepted)}), Kind::accepted);
    EXPECT_EQ(kind_of({attempt_of(State::accepted, Outcome::failed)}), Kind::failed);
    EXPECT_EQ(kind_of({attempt_of(State::accepted, Outcome::deferred)}), Kind::nothing);
    EXPECT_EQ(kind_of({attempt_of(State::uncertain, Outcome::uncertain)}), Kind::in_doubt);
}

TEST(RelayPast, ACallThatBeganAMomentAgoIsSomebodysAndLaterInDoubt) {
    const auto begun = attempt_of(State::begun, Outcome::open);
    EXPECT_EQ(kind_of({begun}, 89), Kind::under_way);
    EXPECT_EQ(kind_of({begun}, 90), Kind::in_doubt);
    EXPECT_EQ(kind_of({attempt_of(State::begun, Outcome::deferred)}, 89), Kind::under_way);  // begun again
}

TEST(RelayPast, AnEventOfTheProviderShowsThatItHasTheMail) {
    auto uncertain = attempt_of(State::uncertain, Outcome::uncertain);
    uncertain.recipients[0].standing = mail::MailEvent::Type::bounced;
    EXPECT_EQ(kind_of({uncertain}), Kind::accepted);
}

TEST(RelayPast, WhatWasAcceptedOnceStaysSoAndADoubtOutlivesARefusalElsewhere) {
    const auto accepted = attempt_of(State::accepted, Outcome::accepted, 1);
    const auto doubt = attempt_of(State::uncertain, Outcome::uncertain, 2);
    const auto refused = attempt_of(State::refused, Outcome::deferred, 3);
    EXPECT_EQ(kind_of({accepted, doubt}), Kind::accepted);
    EXPECT_EQ(kind_of({doubt, accepted}), Kind::accepted);
    EXPECT_EQ(kind_of({doubt, refused}), Kind::in_doubt);
    EXPECT_EQ(kind_of({refused, doubt}), Kind::in_doubt);  // in any order
    EXPECT_EQ(kind_of({refused}), Kind::nothing);
}

// What is done about an attempt of second 0 whose rota holds for 600 seconds.
struct Doubting {
    RelayRota rota{};
    providers::Traits traits{};
    RelayAttempt attempt = attempt_of(State::uncertain, Outcome::uncertain);
    bool asked = false;

    explicit Doubting(Uncertain uncertain) {
        rota.uncertain = uncertain;
        rota.uncertain_hold = seconds(600);
    }
    Doubt doubt(int now) const { return resolve(attempt, rota, &traits, asked, at(now)); }
    Way way(int now) const { return doubt(now).way; }
};

TEST(RelayDoubt, HoldWaitsAndThenGoesToTheSameProviderAgain) {
    const Doubting hold(Uncertain::hold);
    EXPECT_EQ(hold.way(599), Way::wait);
    EXPECT_EQ(hold.doubt(599).until, at(600));
    EXPECT_EQ(hold.way(600), Way::again);
    EXPECT_FALSE(hold.doubt(600).strict);  // never until the MTA gives up
}

TEST(RelayDoubt, SameGoesThereAtOnceAndNextElsewhere) {
    const Doubting same(Uncertain::same);
    EXPECT_EQ(same.way(1), Way::again);
    EXPECT_TRUE(same.doubt(1).strict);
    EXPECT_FALSE(same.doubt(600).strict);
    EXPECT_EQ(Doubting(Uncertain::next).way(1), Way::elsewhere);
}

TEST(RelayDoubt, AProviderThatCanBeAskedIsAskedFirst) {
    for (const Uncertain policy : {Uncertain::hold, Uncertain::same, Uncertain::next}) {
        Doubting asks(policy);
        asks.traits.looks_up = true;
        EXPECT_EQ(asks.way(1), Way::ask);
        asks.asked = true;
        EXPECT_NE(asks.way(1), Way::ask);
    }
}

TEST(RelayDoubt, AnIdempotentProviderGetsTheSameCallAgainWhileTheHoldLasts) {
    Doubting repeats(Uncertain::hold);
    repeats.traits.idempotent = true;
    repeats.attempt.last = at(500);  // each repetition is a call
    EXPECT_EQ(repeats.way(599), Way::repeat);
    EXPECT_EQ(repeats.way(600), Way::again);
    Doubting next(Uncertain::next);
    next.traits.idempotent = true;
    EXPECT_EQ(next.way(1), Way::repeat);
    next.attempt.tries = 2;
    EXPECT_EQ(next.way(1), Way::elsewhere);
}

TEST(RelayDoubt, AProviderThatLeftTheRotaIsWaitedForAndThenReplaced) {
    const Doubting hold(Uncertain::hold);
    EXPECT_EQ(resolve(hold.attempt, hold.rota, nullptr, false, at(599)).way, Way::wait);
    EXPECT_EQ(resolve(hold.attempt, hold.rota, nullptr, false, at(600)).way, Way::elsewhere);
}

TEST(RelayDoubt, ANoFromAnIndexIsBelievedWhenTheIndexMayNoLongerLag) {
    Doubting asked(Uncertain::hold);
    asked.traits.looks_up = asked.asked = true;
    asked.traits.look_up_lag = seconds(300);
    EXPECT_FALSE(may_be_absent(asked.attempt, asked.traits, at(299)));
    EXPECT_TRUE(may_be_absent(asked.attempt, asked.traits, at(300)));
    EXPECT_EQ(asked.way(299), Way::wait);
    EXPECT_EQ(asked.doubt(299).until, at(300)) << "then it is asked again";
    EXPECT_EQ(asked.doubt(300).until, at(600));
    asked.traits.look_up_lag = seconds(900);
    EXPECT_EQ(asked.doubt(599).until, at(600)) << "never longer than the rota holds";
    EXPECT_EQ(asked.way(600), Way::again);
}

}  // namespace
}  // namespace mailrota::runtime
