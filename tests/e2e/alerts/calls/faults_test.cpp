#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"
#include "tests/rig/wait.h"

// What is done when the account does not do what it is asked: case 3.
namespace mailrota::e2e {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class CallFaults : public AlertTest {
  protected:
    static SceneOptions two_accounts() { return {.accounts = {"twilio", "twilio2"}}; }
    static std::size_t calls_by_second() { return second_twilio().calls().size(); }
    static void refuse(const std::string& number, int code) {
        rig::FakePhoneAccount account;
        account.refused = {{number, code}};
        twilio().set(account);
    }
    /// One incident that somebody takes on in the end.
    void expect_acknowledged(Scene& host) {
        twilio().script("", {{.digits = {"1"}}});
        second_twilio().script("", {{.digits = {"1"}}});
        host.run().send(raised().mail());
        EXPECT_TRUE(host.wait_for_state(1, "acknowledged", seconds(60)));
        EXPECT_TRUE(host.at_rest());
    }
};

TEST_F(CallFaults, ANumberThatCannotBeReachedIsPassedOverAtOnceAndNotTriedAgain) {
    refuse(ann, 21217);
    auto& host = scene({.alerts = alert_text("emergency", step("ann", 3) + step("ben"))});
    expect_acknowledged(host);
    EXPECT_THAT(called(), ElementsAre(ben));
    EXPECT_EQ(twilio().counts().sending, 2);
    host.send(raised("86582").mail());
    EXPECT_TRUE(host.wait_for_state(2, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_EQ(twilio().counts().sending, 3);
}

TEST_F(CallFaults, AWrongSettingIsToldAndTheOtherAccountCalls) {
    refuse(ann, 21210);
    auto& host = scene(two_accounts());
    expect_acknowledged(host);
    EXPECT_EQ(calls_by_second(), 1);
    EXPECT_EQ(twilio().counts().sending, 1);
    EXPECT_THAT(host.logs(), HasSubstr("telephone-refuses account=twilio"));
}

TEST_F(CallFaults, WhatIsBlockedIsNotAskedForAgain) {
    refuse(ann, 21216);
    auto& host = scene(two_accounts());
    expect_acknowledged(host);
    EXPECT_EQ(calls_by_second(), 1);
    EXPECT_EQ(twilio().counts().sending, 1);
}

TEST_F(CallFaults, AWrongKeyLetsTheAccountRest) {
    auto& host = scene(two_accounts());
    rig::FakePhoneAccount account;
    const auto secret = twilio().key_secret();
    account.key_secret = "another";
    twilio().set(account);
    expect_acknowledged(host);
    host.send(raised("86582").mail());
    EXPECT_TRUE(host.wait_for_state(2, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_EQ(calls_by_second(), 2);
    EXPECT_THAT(called(), IsEmpty());
    EXPECT_EQ(host.value("SELECT count(*) FROM breaker WHERE state > 0"), "1");
    account.key_secret = secret;
    twilio().set(account);
}

TEST_F(CallFaults, WhereNobodyListensTheOtherAccountCallsOnce) {
    auto options = two_accounts();
    options.away = "twilio";
    auto& host = scene(options);
    expect_acknowledged(host);
    EXPECT_EQ(second_twilio().counts().sending, 1);
    EXPECT_EQ(calls_by_second(), 1);
}

TEST_F(CallFaults, AndWithoutAnotherTheSameOneDoesWhenItIsThereAgain) {
    twilio().script("", {{.digits = {"1"}}});
    auto& host = scene({.away = "twilio"}).run();
    host.send(raised().mail());
    ASSERT_TRUE(rig::wait_until([&] { return host.value("SELECT tries FROM contact") == "1"; }));
    ASSERT_TRUE(rig::wait_until([&] { return host.value("SELECT state FROM contact") == "0"; }));
    EXPECT_EQ(twilio().counts().sending, 0);
    host.reconfigure({});
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann));
    EXPECT_EQ(twilio().counts().sending, 1);
}

TEST_F(CallFaults, TooManyRequestsAreTriedAgainLater) {
    fakes().fail({.fault = "rate_limited", .provider = "twilio", .times = 1});
    auto& host = scene();
    expect_acknowledged(host);
    EXPECT_THAT(called(), ElementsAre(ann));
    EXPECT_EQ(twilio().counts().sending, 2);
}

TEST_F(CallFaults, ARefusedCallbackUrlCallsWithoutIt) {
    fakes().fail({.fault = "bad_message", .provider = "twilio", .times = 1, .code = 21609});
    auto& host = scene({.of_calls = "poll = \"1s\""});
    twilio().script("", {{.end = "answered"}});
    host.run().send(raised().mail());
    const auto calls = twilio().wait_for_ended_calls();
    ASSERT_THAT(calls, SizeIs(1));
    EXPECT_EQ(calls.front().parameter("StatusCallback"), "");
    EXPECT_TRUE(rig::wait_until(
        [&] { return host.value("SELECT CAST(status AS TEXT) FROM contact") == "completed"; }, seconds(30)));
}

TEST_F(CallFaults, AnAnswerThatWasLostIsMadeUpForByTheCallback) {
    fakes().fail({.fault = "reset", .provider = "twilio", .after = true, .times = 1});
    auto& host = scene();
    expect_acknowledged(host);
    EXPECT_THAT(called(), ElementsAre(ann));
    EXPECT_EQ(twilio().most_live(), 1);
}

TEST_F(CallFaults, AndWithoutCallbacksByTheListOfCalls) {
    for (const auto* fault : {"reset", "server_error"}) {
        fakes().heal();
        twilio().clear();
        fakes().fail({.fault = fault, .provider = "twilio", .after = true, .times = 1});
        twilio().script(ann, {{.digits = {"1"}}});
        rig::FakePhoneAccount account;
        account.callbacks = rig::FakeCallbackFaults{.dropped = {"all"}};
        twilio().set(account);
        auto& host = scene().run();
        host.send(raised().mail());
        EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
        EXPECT_TRUE(rig::wait_until(
            [&] { return host.value("SELECT CAST(status AS TEXT) FROM contact") == "completed"; },
            seconds(60)));
        EXPECT_THAT(called(), ElementsAre(ann)) << fault;
        EXPECT_EQ(twilio().counts().sending, 1);
    }
}

TEST_F(CallFaults, WhatTheAccountDoesNotKnowOfIsAskedForAgain) {
    fakes().fail({.fault = "server_error", .provider = "twilio", .times = 1});
    auto& host = scene();
    expect_acknowledged(host);
    EXPECT_THAT(called(), ElementsAre(ann));
    EXPECT_EQ(twilio().counts().sending, 2);
    EXPECT_EQ(twilio().most_live(), 1);
}

}  // namespace
}  // namespace mailrota::e2e
