#include "core/policy/selftest.h"

#include <gmock/gmock.h>

namespace mailrota::policy {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using State = Incident::State;

const Instant begun{std::chrono::hours{24 * 20'000}};

Selftest weekly(Reached proof = Reached::delivered) {
    Selftest made;
    made.name = "weekly";
    made.alert = "tested";
    made.proof = proof;
    return made;
}

Contact contact(Contact::State state, const std::string& provider_id = "") {
    Contact made;
    made.number = "+15550101";
    made.state = state;
    made.provider_id = provider_id;
    return made;
}

// What is seen when the chain was gone along so far.
ChainSight sight_at(Reached point) {
    ChainSight sight;
    if (point >= Reached::submitted) sight.submitted = "250 2.0.0 Ok";
    if (point >= Reached::received) sight.received = "listener in as 4XyZ";
    if (point < Reached::raised) return sight;
    sight.incident.emplace();
    sight.incident->number = 17;
    if (point == Reached::sent) sight.contacts = {contact(Contact::State::placed, "CA1")};
    if (point >= Reached::delivered) sight.contacts = {contact(Contact::State::done, "CA1")};
    if (point == Reached::acknowledged) sight.incident->state = State::acknowledged;
    return sight;
}

constexpr Reached points[] = {Reached::nothing, Reached::submitted, Reached::received,    Reached::raised,
                              Reached::sent,    Reached::delivered, Reached::acknowledged};

TEST(Selftest, EachPointOfTheChainIsToldApart) {
    for (const Reached point : points) EXPECT_EQ(reached(sight_at(point)), point) << to_string(point);
}

TEST(Selftest, PassesAtItsProofAndFailsWhenItsTimeIsOver) {
    for (const Reached proof : {Reached::raised, Reached::sent, Reached::delivered, Reached::acknowledged}) {
        for (const Reached point : points) {
            const auto expected = point >= proof ? Verdict::passed : Verdict::waits;
            EXPECT_EQ(judge(weekly(proof), sight_at(point), begun, begun + seconds(899)), expected);
            const auto late = point >= proof ? Verdict::passed : Verdict::failed;
            EXPECT_EQ(judge(weekly(proof), sight_at(point), begun, begun + minutes(15)), late);
        }
    }
}

TEST(Selftest, WhatCannotComeThroughAnyMoreFailsAtOnce) {
    auto refused = sight_at(Reached::nothing);
    refused.trouble = "550 5.1.1 no such user";
    EXPECT_EQ(judge(weekly(), refused, begun, begun), Verdict::waits);
    refused.refused = true;
    EXPECT_EQ(judge(weekly(), refused, begun, begun), Verdict::failed);
    auto resolved = sight_at(Reached::sent);
    resolved.incident->state = State::resolved;
    resolved.incident->by = "mail";
    EXPECT_EQ(judge(weekly(), resolved, begun, begun), Verdict::failed);
    EXPECT_EQ(judge(weekly(Reached::sent), resolved, begun, begun), Verdict::passed);
}

TEST(Selftest, WhoResolvesItHasHeardOfIt) {
    auto sight = sight_at(Reached::sent);
    sight.incident->state = State::resolved;
    sight.incident->by = "ann";
    EXPECT_EQ(reached(sight), Reached::acknowledged);
}

TEST(Selftest, NobodyWasReachedWhoDidNotAnswer) {
    auto sight = sight_at(Reached::raised);
    sight.contacts = {contact(Contact::State::unreached, "CA1"), contact(Contact::State::barred)};
    EXPECT_EQ(reached(sight), Reached::sent);
    sight.contacts.erase(sight.contacts.begin());
    EXPECT_EQ(reached(sight), Reached::raised);
}

TEST(Selftest, SaysHowFarItCameAndWhatIsMissing) {
    const auto text = [](const ChainSight& sight) { return standing(weekly(), sight); };
    auto away = sight_at(Reached::nothing);
    EXPECT_THAT(text(away), HasSubstr("no mailrota-worker got to it"));
    away.trouble = "the MTA did not take the mail: connection\nrefused";
    EXPECT_EQ(text(away), "the MTA did not take the mail: connection refused");
    EXPECT_EQ(
        text(sight_at(Reached::submitted)),
        "the MTA took the mail (250 2.0.0 Ok), but no incident of alert \"tested\" with its token in the "
        "key was opened");
    EXPECT_THAT(text(sight_at(Reached::received)), HasSubstr("came to listener in as 4XyZ, but no rule"));
    auto waiting = sight_at(Reached::raised);
    EXPECT_THAT(text(waiting), HasSubstr("incident 17 was opened, but no provider accepted"));
    waiting.contacts = {contact(Contact::State::waiting)};
    waiting.contacts[0].words = "401 wrong key";
    EXPECT_THAT(text(waiting), HasSubstr("call to +15550101 (waiting): 401 wrong key"));
    waiting.incident->state = State::exhausted;
    EXPECT_THAT(text(waiting), HasSubstr("; it is exhausted"));
}

TEST(Selftest, ItsMailBearsTheTokenAndItsName) {
    EXPECT_EQ(fill_selftest("[{token}] {selftest} {{x}}", weekly(), "abc"), "[abc] weekly {x}");
}

TEST(Selftest, TheAlarmSaysWhyUnlessItsTemplateDoesNot) {
    Alert alarm;
    alarm.name = "broken";
    auto trigger = failed(weekly(), alarm, "no incident was opened");
    EXPECT_EQ(trigger.say, "Self-test weekly has failed: no incident was opened.");
    EXPECT_EQ(trigger.text, trigger.say);
    EXPECT_EQ(trigger.key, "weekly");
    alarm.say = "{selftest}: {reason}";
    alarm.text = "{selftest}";
    alarm.key = "chain {selftest}{reason}";
    trigger = failed(weekly(), alarm, "away");
    EXPECT_EQ(trigger.say, "weekly: away");
    EXPECT_EQ(trigger.text, "weekly");
    EXPECT_EQ(trigger.key, "chain weekly");
    EXPECT_EQ(failed(weekly(), alarm, "another").key, trigger.key);
}

}  // namespace
}  // namespace mailrota::policy
