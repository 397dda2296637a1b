#include "core/runtime/relay_choice.h"

#include <gmock/gmock.h>

namespace mailrota::runtime {
namespace {

using config::RelayRota;
using policy::Passage;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;
using Fit = Contender::Fit;
using Tried = Contender::Tried;

const store::Time now{seconds(1'000'000)};

// Three providers of one rota; each test changes what it is about.
struct Choice : testing::Test {
    Choice() {
        rota.name = "bulk";
        for (const char* name : {"one", "two", "three"}) {
            rota.members.push_back({name, 1});
            contenders.push_back({.provider = name, .lacks = {}, .words = {}});
        }
    }
    RelayChoice choose() { return choose_provider(contenders, round); }
    std::string chosen() {
        const RelayChoice choice = choose();
        return choice.chosen ? contenders[*choice.chosen].provider : wire::to_line(choice.nobody);
    }
    void block(std::size_t place, seconds until = seconds(60)) {
        contenders[place].passage = Passage::blocked;
        contenders[place].reopens = now + until;
        contenders[place].words = "out of order";
    }

    RelayRota rota;
    std::vector<Contender> contenders;
    Round round{.rota = rota, .now = now};
};

TEST_F(Choice, FailoverTakesTheFirstOfTheListThatMayBeUsed) {
    EXPECT_EQ(chosen(), "one");
    EXPECT_FALSE(choose().keep);
    block(0);
    EXPECT_EQ(chosen(), "two");
    EXPECT_TRUE(choose().keep);
    contenders[1].tried = Tried::fault;
    EXPECT_EQ(chosen(), "three");
}

TEST_F(Choice, TheHeldProviderIsKeptUntilItsTimeEndsOrItFails) {
    round.held = store::RelayHold{"two", now + seconds(1)};
    EXPECT_EQ(chosen(), "two");
    EXPECT_FALSE(choose().keep);  // its hold is not made longer
    block(1);
    EXPECT_EQ(chosen(), "one");
    contenders[1] = contenders[2];
    contenders[1].provider = "two";
    round.held->until = now;
    EXPECT_EQ(chosen(), "one");
}

TEST_F(Choice, OnlyAProviderThatIsOutOfOrderForAllMovesTheHold) {
    contenders[0].fit = Fit::breaks;
    EXPECT_FALSE(choose().keep);
    contenders[0].fit = Fit::whole;
    contenders[0].tried = Tried::of_mail;
    EXPECT_FALSE(choose().keep);
    contenders[0].tried = Tried::of_domain;
    EXPECT_FALSE(choose().keep);
    contenders[0].tried = Tried::no;
    block(0);
    contenders[0].blocked_for_domain = true;
    EXPECT_EQ(chosen(), "two");
    EXPECT_FALSE(choose().keep);
}

TEST_F(Choice, RoundRobinDrawsAmongThoseThatMayBeUsedByWeight) {
    rota.strategy = RelayRota::Strategy::round_robin;
    rota.members[0].weight = 2;
    const auto row = [this] {
        std::string all;
        for (int i = 0; i < 8; ++i) {
            RelayChoice choice = choose();
            all += contenders[*choice.chosen].provider + " ";
            round.turns = std::move(choice.turns);
        }
        return all;
    };
    EXPECT_EQ(row(), "one two three one one two three one ");
    block(0);
    round.turns = {};
    EXPECT_EQ(row(), "two three two three two three two three ");
}

TEST_F(Choice, WhenAllAreOutOfOrderTheClientWaitsAndHearsEachProvidersWords) {
    block(0, seconds(30));
    block(1, seconds(20));
    contenders[2].tried = Tried::fault;
    contenders[2].words = "503 down";
    EXPECT_EQ(chosen(),
              "451 4.4.1 No provider of bulk takes mail now: one: not tried now: out of order; "
              "two: not tried now: out of order; three: 503 down");
    EXPECT_EQ(choose().wait, seconds(20));
}

TEST_F(Choice, WhatEveryProviderWouldBreakIsRefusedWithWhatWouldBeLost) {
    for (Contender& one : contenders) {
        one.fit = Fit::breaks;
        one.lacks = "multipart/signed would lose its signature";
    }
    EXPECT_THAT(chosen(), StartsWith("554 5.6.0 No provider of bulk carries this mail as it is: one: "
                                     "multipart/signed would lose its signature; two: "));
    contenders[1].fit = Fit::whole;
    block(1);
    EXPECT_THAT(chosen(), StartsWith("451 4.4.1 "));  // one that could, once it works again
}

TEST_F(Choice, WhatIsTooLargeForAllIsSaidSo) {
    for (Contender& one : contenders) one.fit = Fit::too_large;
    EXPECT_THAT(chosen(), StartsWith("552 5.3.4 "));
    contenders[2].fit = Fit::no_null_sender;
    EXPECT_THAT(chosen(), StartsWith("554 5.6.0 "));
}

TEST_F(Choice, WhatEachHasRefusedIsRefused) {
    for (Contender& one : contenders) {
        one.tried = Tried::of_mail;
        one.words = "forbidden attachment";
    }
    EXPECT_THAT(chosen(), AllOf(StartsWith("554 5.6.0 "), HasSubstr("three: forbidden attachment")));
    contenders[0].tried = Tried::fault;
    EXPECT_THAT(chosen(), StartsWith("451 4.4.1 "));
}

TEST_F(Choice, WhoMayHaveTheMailGetsItAgainOrComesLast) {
    round.before = "two";
    contenders[1].may_have = true;
    EXPECT_EQ(chosen(), "two");
    round.before.clear();
    contenders[0].tried = contenders[2].tried = Tried::fault;
    EXPECT_THAT(chosen(), StartsWith("451 "));  // the others may come back
    contenders[0].fit = contenders[2].fit = Fit::breaks;
    EXPECT_EQ(chosen(), "two");  // there is nobody else
}

TEST_F(Choice, AStrictRoundGivesItToNobodyElse) {
    round.before = "two";
    round.strict = true;
    block(1);
    EXPECT_THAT(chosen(), StartsWith("451 4.4.1 "));
    round.strict = false;
    EXPECT_EQ(chosen(), "one");
}

}  // namespace
}  // namespace mailrota::runtime
