#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"
#include "tests/rig/wait.h"

// Who is called when, and what ends it.
namespace mailrota::e2e {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class AlertEscalation : public AlertTest {
  protected:
    /// Ann, then Ben, then Cem, each once.
    static std::string quickly(const std::string& more = "") {
        return alert_text("emergency", step("ann", 1, "2s") + step("ben", 1, "2s") + step("cem", 1, "2s"),
                          more);
    }
    static int posted() { return static_cast<int>(twilio().counts().sending); }
};

TEST_F(AlertEscalation, TW12_BusyAndUnansweredCallsGoRoundAsTheStepsSay) {
    twilio().script(ann, {{.end = "busy"}, {.end = "no-answer"}, {.end = "failed", .sip = "480"}});
    twilio().script(ben, {{.end = "no-answer"}, {.end = "busy"}});
    twilio().script(cem, {{.end = "busy"}, {.digits = {"1"}}});
    auto& host =
        scene({.alerts = alert_text("emergency", step("ann", 3) + step("ben", 2) + step("cem", 2))}).run();
    host.send(raised().mail());
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann, ann, ann, ben, ben, cem, cem));
    EXPECT_EQ(host.value("SELECT CAST(changed_by AS TEXT) FROM incident"), cem);
}

TEST_F(AlertEscalation, TW13_Case1_OnlyAKeyAcknowledges) {
    twilio().script(ann, {{.end = "busy"}});
    twilio().script(ben, {{.end = "no-answer"}});
    twilio().script(cem, {{.answered_by = "machine_start"}, {.digits = {"1"}}});
    auto& host = scene({.alerts = alert_text(
                            "emergency", step("ann", 1, "2s") + step("ben", 1, "2s") + step("cem", 2, "2s"))})
                     .run();
    host.send(raised().mail());
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann, ben, cem, cem));
}

TEST_F(AlertEscalation, TW13_WhoeverWantsUpstreamsRuleIsContentWithAnAnswer) {
    twilio().script(ann, {{.end = "busy"}, {.end = "answered"}});
    auto& host =
        scene({.alerts = alert_text("emergency", step("ann", 3) + step("ben"), "acknowledge = \"answer\"")})
            .run();
    host.send(raised().mail());
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann, ann));
}

TEST_F(AlertEscalation, NobodyWasReachedSoTheFallbackIsTold) {
    twilio().script("", {{.end = "busy"}});
    auto& host = scene({.alerts = quickly("fallback = \"operations@example.com\"")}).run();
    host.send(raised().mail());
    EXPECT_TRUE(host.wait_for_state(1, "exhausted"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann, ben, cem));
    ASSERT_TRUE(rig::wait_until([&] { return host.delivered().size() == 2; }));
    const auto mails = host.delivered();
    EXPECT_THAT(
        mails,
        Contains(AllOf(Field(&rig::SinkMail::recipients, ElementsAre(HasSubstr("operations@example.com"))),
                       Field(&rig::SinkMail::content, HasSubstr("Nobody was reached for incident 1")))));
    twilio().script(ann, {{.digits = {"1"}}});
    host.send(raised("86581", "Sue Loe").mail());  // a fresh one escalates anew
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann, ben, cem, ann));
}

TEST_F(AlertEscalation, AKeyAsksForTheNextPersonAndAnotherForTheTextAgain) {
    twilio().script(ann, {{.digits = {"0", "2"}}});
    twilio().script(ben, {{.digits = {"1"}}});
    auto& host = scene().run();
    host.send(raised().mail());
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann, ben));
    EXPECT_EQ(host.value("SELECT CAST(changed_by AS TEXT) FROM incident"), ben);
}

TEST_F(AlertEscalation, Case2_CallbacksInReverseOrderTwiceAndAfterARestartLeadToTheSameState) {
    rig::FakePhoneAccount account;
    account.callbacks = rig::FakeCallbackFaults{.times = 2, .reversed = true};
    twilio().set(account);
    twilio().script(ann, {{.end = "busy"}});
    twilio().script(ben, {{.digits = {"1"}, .hold = "in-progress"}});
    auto& host = scene().run();
    host.send(raised().mail());
    const auto talking = call_in("in-progress", ben);
    ASSERT_TRUE(talking);
    host.web().restart();
    twilio().release(talking->sid);
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    twilio().wait_for_ended_calls(2);
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann, ben));
    EXPECT_EQ(host.value("SELECT group_concat(CAST(status AS TEXT)) FROM contact"), "busy,completed");
}

TEST_F(AlertEscalation, TW14_Case10_ARestartGoesOnWithTheStepItWasIn) {
    twilio().script(ann, {{.end = "busy"}});
    twilio().script(ben, {{.end = "busy", .hold = "ringing"}});
    twilio().script(cem, {{.digits = {"1"}}});
    auto& host = scene().run();
    host.send(raised().mail());
    const auto ringing = call_in("ringing", ben);
    ASSERT_TRUE(ringing);
    for (auto* program : {&host.worker(), &host.web(), &host.lmtp()}) {
        program->kill9();
        program->start();
    }
    twilio().release(ringing->sid);
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest(seconds(60)));
    EXPECT_THAT(called(), ElementsAre(ann, ben, cem));
}

TEST_F(AlertEscalation, Case10_TwoWorkersPlaceOneCall) {
    twilio().script("", {{.digits = {"1"}}});
    auto& host = scene({.of_calls = "limit = { calls = 1000, within = \"1h\" }"}).run();
    host.second_worker();
    constexpr int tickets = 12;
    for (int i = 0; i < tickets; ++i) host.send(raised(std::to_string(7000 + i)).mail());
    for (int i = 1; i <= tickets; ++i) EXPECT_TRUE(host.wait_for_state(i, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), AllOf(SizeIs(tickets), Each(ann)));
}

TEST_F(AlertEscalation, Case8_AnAcknowledgementEndsQueuedAndRingingCallsAndUnsentSms) {
    twilio().script(ann, {{.digits = {"1"}, .hold = "in-progress"}});
    twilio().script(ben, {{.hold = "ringing"}});
    twilio().script(cem, {{.hold = "queued"}}, {.hold = true});
    const std::string everybody = "[rota.everybody]\nstrategy = \"all\"\nmembers = [{ phone = \"" +
                                  std::string(ann) + "\" }, { phone = \"" + ben + "\" }, { phone = \"" + cem +
                                  "\" }, { phone = \"+15555550104\", sms = \"" + cem +
                                  "\", contact = [\"sms\"] }]\n";
    auto& host = scene({.alerts = alert_text("emergency", step("everybody")), .more = everybody}).run();
    host.send(raised().mail());
    ASSERT_TRUE(call_in("ringing", ben));
    ASSERT_TRUE(call_in("queued", cem));
    ASSERT_THAT(twilio().wait_for_messages(1), SizeIs(1));
    const auto talking = call_in("in-progress", ann);
    ASSERT_TRUE(talking);
    twilio().release(talking->sid);
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(call_in("canceled", ben));
    EXPECT_TRUE(call_in("canceled", cem));
    EXPECT_TRUE(call_in("completed", ann));
    EXPECT_TRUE(rig::wait_until([&] { return twilio().messages().front().status == "canceled"; }));
    EXPECT_TRUE(host.at_rest());
    EXPECT_EQ(posted(), 4);
}

}  // namespace
}  // namespace mailrota::e2e
