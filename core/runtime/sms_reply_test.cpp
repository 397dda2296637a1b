#include "core/runtime/sms_reply.h"

#include "core/runtime/alert_case_fixture.h"

namespace mailrota::runtime::fixture {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using State = policy::Incident::State;
using What = Replied::What;

class SmsReplyTest : public AlertCase {
  protected:
    // An incident of which Ann was told by SMS now.
    std::int64_t told() {
        const auto number = open_incident();
        auto sms = contact_of(number, std::to_string(number), policy::ContactWay::sms);
        sms.state = policy::Contact::State::done;
        sms.begun = now;
        put(sms);
        return number;
    }
    Replied reply(const std::string& body, const std::string& from = "+15550101") {
        const providers::ListedMessage message{"SM" + std::to_string(++sent_), from, "+15550000", body, at_};
        return take(message);
    }
    Replied take(const providers::ListedMessage& message) {
        return in_store([&](store::Transaction& transaction) {
            return take_reply(transaction, policy(), "AC1", message, now);
        });
    }

    store::Time at_ = start;

  private:
    int sent_ = 0;
};

TEST_F(SmsReplyTest, WhoComesLateLearnsWhoHasIt) {
    named = true;
    const auto number = told();
    auto taken = incident(number);
    taken.state = State::acknowledged;
    taken.by = "ben";
    put(taken);
    EXPECT_EQ(reply("1").taken_by, "Ben Baker");
    taken.by = "ann";
    put(taken);
    EXPECT_EQ(reply("1").taken_by, "") << "twice by the same";
}

TEST_F(SmsReplyTest, AReplyWithoutANumberIsAboutTheNewestSms) {
    const auto older = told();
    now += minutes(1);
    const auto newer = told();
    at_ = now;
    const auto replied = reply("1");
    EXPECT_EQ(replied.what, What::obeyed);
    EXPECT_EQ(replied.by, "ann");
    EXPECT_EQ(incident(newer).state, State::acknowledged);
    EXPECT_EQ(incident(older).state, State::open);
    reply("ack " + std::to_string(older));
    EXPECT_EQ(incident(older).state, State::acknowledged);
}

TEST_F(SmsReplyTest, TheSameMessageIsTakenOnce) {
    const auto number = told();
    const providers::ListedMessage message{"SM1", "+15550101", "+15550000", "1", now};
    EXPECT_EQ(take(message).what, What::obeyed);
    EXPECT_EQ(take(message).what, What::known);
    EXPECT_EQ(incident(number).state, State::acknowledged);
}

TEST_F(SmsReplyTest, OnlyWhoWasToldMaySpeakForAnIncident) {
    const auto number = told();
    EXPECT_EQ(reply("1", "+15559999").what, What::nobody);
    EXPECT_EQ(reply("ack " + std::to_string(number), "+15559999").what, What::nobody);
    EXPECT_EQ(reply("ack 4711").what, What::nobody);
    EXPECT_EQ(incident(number).state, State::open);
}

TEST_F(SmsReplyTest, WhatWasWrittenBeforeItsSenderWasToldMeantSomethingElse) {
    at_ = now;
    now += hours(1);
    const auto number = told();
    EXPECT_EQ(reply("1").what, What::nothing);
    EXPECT_EQ(reply("1 " + std::to_string(number)).what, What::nothing);
    EXPECT_EQ(incident(number).state, State::open);
}

TEST_F(SmsReplyTest, WordsThatAskForNothingChangeNothing) {
    const auto number = told();
    for (const char* words : {"", "thanks", "STOP", "9"})
        EXPECT_EQ(reply(words).what, What::nothing) << words;
    EXPECT_EQ(incident(number).state, State::open);
}

TEST_F(SmsReplyTest, ItMayBeResolvedByReply) {
    const auto number = told();
    EXPECT_EQ(reply("resolve " + std::to_string(number)).obeyed, Obeyed::What::resolved);
    EXPECT_EQ(incident(number).state, State::resolved);
}

}  // namespace
}  // namespace mailrota::runtime::fixture
