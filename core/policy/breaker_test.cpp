#include "core/policy/breaker.h"

#include <gtest/gtest.h>

namespace mailrota::policy {
namespace {

using std::chrono::seconds;
using Kind = Health::Kind;
using State = Breaker::State;

const Breaker::Time start{seconds{1'800'000'000}};
const BreakerTerms terms{};

Breaker failed(Breaker breaker, int times, Breaker::Time now) {
    for (int i = 0; i < times; ++i)
        breaker = after(std::move(breaker), {Kind::temporary, {}, "503"}, terms, now);
    return breaker;
}

TEST(Breaker, OpensAfterSoManyTemporaryFaultsInARow) {
    const Breaker two = failed({}, 2, start);
    EXPECT_EQ(passage(two, start), Passage::free);
    const Breaker three = failed(two, 1, start);
    EXPECT_EQ(passage(three, start), Passage::blocked);
    EXPECT_EQ(reopens(three), start + terms.open);
    EXPECT_EQ(three.why, "503");
    EXPECT_FALSE(three.alarmed);
}

TEST(Breaker, ASuccessInBetweenBeginsTheCountAnew) {
    Breaker breaker = after(failed({}, 2, start), {Kind::works, {}, {}}, terms, start);
    EXPECT_EQ(passage(failed(breaker, 2, start), start), Passage::free);
}

TEST(Breaker, AFaultOfTheConfigurationOpensAtOnceAndAlarms) {
    const Breaker breaker = after({}, {Kind::configuration, {}, "401 wrong key"}, terms, start);
    EXPECT_EQ(passage(breaker, start), Passage::blocked);
    EXPECT_TRUE(breaker.alarmed);
}

TEST(Breaker, IsOpenAsLongAsTheProviderWishes) {
    const Breaker breaker = after({}, {Kind::temporary, seconds{600}, "429"}, terms, start);
    EXPECT_EQ(passage(breaker, start + seconds{599}), Passage::blocked);
    EXPECT_EQ(passage(breaker, start + seconds{600}), Passage::probe);
}

TEST(Breaker, AShortDelayThatIsToldIsBelievedHoweverOften) {
    Breaker breaker;
    auto now = start;
    for (int i = 0; i < 5; ++i) {
        breaker = after(begin_probe(breaker, terms, now), {Kind::temporary, seconds{2}, "429"}, terms, now);
        EXPECT_EQ(reopens(breaker), now + seconds{2});
        now = reopens(breaker);
    }
    const Breaker long_rest = after({}, {Kind::configuration, seconds{3600}, "quota"}, terms, start);
    EXPECT_EQ(reopens(after(long_rest, {Kind::temporary, seconds{2}, "429"}, terms, start)),
              start + seconds{3600});
}

TEST(Breaker, WhenItReopensOneMailTriesAndTheOthersWait) {
    const auto later = start + terms.open;
    const Breaker open = failed({}, 3, start);
    ASSERT_EQ(passage(open, later), Passage::probe);
    const Breaker probing = begin_probe(open, terms, later);
    EXPECT_EQ(passage(probing, later), Passage::blocked);
    EXPECT_EQ(passage(probing, later + terms.probe), Passage::probe) << "a probe that died is taken for lost";
    EXPECT_EQ(passage(after(probing, {Kind::works, {}, {}}, terms, later), later), Passage::free);
}

TEST(Breaker, AProbeThatFailsOpensItTwiceAsLongUpToALimit) {
    Breaker breaker = failed({}, 3, start);
    auto now = start;
    for (const int expected : {120, 240, 480, 960, 1800, 1800}) {
        now = reopens(breaker);
        breaker = failed(begin_probe(breaker, terms, now), 1, now);
        EXPECT_EQ(reopens(breaker) - now, seconds{expected});
    }
}

TEST(Breaker, MailThatWasUnderWayWhenItOpenedDoesNotHoldItOpenLonger) {
    const Breaker open = failed({}, 3, start);
    EXPECT_EQ(reopens(failed(open, 50, start + seconds{30})), reopens(open));
}

}  // namespace
}  // namespace mailrota::policy
