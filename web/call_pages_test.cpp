#include "web/call_pages_fixture.h"

namespace mailrota::web::fixture {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

TEST_F(CallPagesTest, TheTextIsServedToGetAndPost) {
    for (const char* method : {"GET", "POST"}) {
        const auto response = ask(method, '/' + id + "/twiml", {{"CallSid", "CA1"}});
        EXPECT_EQ(response.status, 200);
        EXPECT_THAT(response.type, HasSubstr("xml"));
        EXPECT_THAT(text_of(response), HasSubstr("The disk is full."));
        EXPECT_THAT(text_of(response), HasSubstr(public_url + '/' + id + "/digit"));
    }
}

TEST_F(CallPagesTest, WhateverIsWrongIsTheSame404AndChangesNothing) {
    const auto unsigned_ = ask("POST", '/' + id + "/digit", {{"Digits", "1"}}, "another");
    const auto unknown = ask('/' + std::string(32, 'b') + "/digit", {{"Digits", "1"}});
    const auto no_id = ask("/0815/digit", {{"Digits", "1"}});
    now_ += config_.calls.expire + std::chrono::seconds(1);
    const auto expired = ask('/' + id + "/digit", {{"Digits", "1"}});
    for (const auto* one : {&unsigned_, &unknown, &no_id, &expired}) {
        EXPECT_EQ(one->status, 404);
        EXPECT_EQ(text_of(*one), text_of(unsigned_));
    }
    EXPECT_FALSE(contact().human);
}

TEST_F(CallPagesTest, WithoutAPublicUrlNothingIsThere) {
    config_.calls.public_url.clear();
    pages_.replace(runtime::Telephones::open(config_).value());
    EXPECT_EQ(ask('/' + id + "/twiml").status, 404);
}

TEST_F(CallPagesTest, AFloodOfStrangersIsCutAndGenuineOnesAreServed) {
    int cut = 0;
    for (int i = 0; i < 250; ++i) cut += ask("GET", "/sms", {}, "another").status == 429 ? 1 : 0;
    EXPECT_EQ(cut, 50);
    EXPECT_EQ(ask('/' + id + "/twiml").status, 200);
    now_ += std::chrono::seconds(1);
    EXPECT_EQ(ask("GET", "/sms", {}, "another").status, 404);
}

TEST_F(CallPagesTest, AKeyTakesItOnOnceHoweverOftenItIsTold) {
    EXPECT_THAT(press("1"), HasSubstr(phrases_.acknowledged));
    const auto taken = incident();
    EXPECT_EQ(taken.state, State::acknowledged);
    EXPECT_EQ(taken.by, "ann");
    EXPECT_TRUE(contact().human);
    EXPECT_THAT(press("1"), HasSubstr(phrases_.acknowledged));
    EXPECT_EQ(incident(), taken);
}

TEST_F(CallPagesTest, WhoIsCalledAfterItWasTakenOnHearsByWhom) {
    taken_on_by_ben();
    const std::string told = "Ben &amp; Co has taken this on already.";
    const auto said = text_of(ask('/' + id + "/twiml"));
    EXPECT_THAT(said, HasSubstr(told));
    EXPECT_THAT(said, Not(HasSubstr("The disk is full.")));
    EXPECT_THAT(press("1"), HasSubstr(told));
    EXPECT_EQ(incident().by, "ben");
    EXPECT_THAT(press("3"), HasSubstr(phrases_.resolved));
}

TEST_F(CallPagesTest, TwoPassesOnAndSaysSoEachTime) {
    for (int i = 0; i < 2; ++i) EXPECT_THAT(press("2"), HasSubstr(phrases_.passed_on));
    EXPECT_EQ(incident().state, State::open);
    EXPECT_THAT(incident().progress.away, SizeIs(1));
}

TEST_F(CallPagesTest, ThreeResolves) {
    EXPECT_THAT(press("3"), HasSubstr(phrases_.resolved));
    EXPECT_EQ(incident().state, State::resolved);
    EXPECT_THAT(text_of(ask('/' + id + "/twiml")), HasSubstr(phrases_.over));
}

TEST_F(CallPagesTest, NineAndOtherKeysReadTheTextAgain) {
    EXPECT_THAT(press("9"), HasSubstr("The disk is full."));
    for (const char* key : {"7", "", "11"}) {
        const auto said = press(key);
        EXPECT_THAT(said, HasSubstr(phrases_.unknown_key)) << key;
        EXPECT_THAT(said, HasSubstr("The disk is full.")) << key;
    }
    EXPECT_EQ(incident().state, State::open);
}

TEST_F(CallPagesTest, AStatusBeforeTheAnswerToTheRequestPlacesTheCallAndALateOneChangesNothing) {
    const auto tell = [&](const char* status, const char* sequence) {
        EXPECT_EQ(ask('/' + id + "/status",
                      {{"CallSid", "CA1"}, {"CallStatus", status}, {"SequenceNumber", sequence}})
                      .status,
                  204);
    };
    tell("ringing", "1");
    EXPECT_EQ(contact().state, Contact::State::placed);
    EXPECT_EQ(contact().provider_id, "CA1");
    tell("no-answer", "3");
    tell("in-progress", "2");
    EXPECT_EQ(contact().state, Contact::State::unreached);
}

TEST_F(CallPagesTest, AnSmsThatComesInIsObeyedOnceAndAnswered) {
    const auto number = std::to_string(contact_.incident);
    const auto come = [&](const std::string& message, const std::string& body, const std::string& from) {
        return text_of(ask("/sms", {{"AccountSid", "AC1"},
                                    {"MessageSid", message},
                                    {"From", from},
                                    {"To", "+15550000"},
                                    {"Body", body}}));
    };
    EXPECT_THAT(come("SM1", "1 " + number, "+15559999"), Not(HasSubstr("<Message>")));
    EXPECT_EQ(incident().state, State::open);
    EXPECT_THAT(come("SM2", "1 " + number, "+15550101"), HasSubstr(phrases_.acknowledged));
    EXPECT_EQ(incident().state, State::acknowledged);
    EXPECT_THAT(come("SM2", "1 " + number, "+15550101"), Not(HasSubstr("<Message>")));
}

}  // namespace
}  // namespace mailrota::web::fixture
