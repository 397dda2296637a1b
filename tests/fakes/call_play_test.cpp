#include "tests/fakes/call_play.h"

#include "tests/fakes/twilio_fixture.h"

namespace mailrota::fakes {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class CallPlayTest : public TwilioTest {
  protected:
    CallPlayTest() { page("/twiml", "<Response><Say>Hello</Say></Response>"); }

    /// The states a call goes through whose every state is told.
    std::vector<std::string> play(const CallScript& one, const Fields& more = told()) {
        script(one);
        const auto played = call(call_form(more));
        run();
        std::vector<std::string> states;
        for (const auto& state : played->states) states.push_back(state.status);
        return states;
    }
};

CallScript ends(CallScript::End end, const std::string& sip = "") {
    CallScript script;
    script.end = end;
    script.sip = sip;
    return script;
}

TEST_F(CallPlayTest, EveryScriptGoesItsWayAndIsTold) {
    EXPECT_THAT(play({}), ElementsAre("queued", "initiated", "ringing", "in-progress", "completed"));
    EXPECT_THAT(sent("/status", "CallStatus"),
                ElementsAre("initiated", "ringing", "in-progress", "completed"));
    EXPECT_THAT(sent("/status", "SequenceNumber"), ElementsAre("0", "1", "2", "3"));
    EXPECT_THAT(play(ends(CallScript::End::busy)), ElementsAre("queued", "initiated", "ringing", "busy"));
    EXPECT_THAT(play(ends(CallScript::End::no_answer)),
                ElementsAre("queued", "initiated", "ringing", "no-answer"));
    EXPECT_THAT(play(ends(CallScript::End::failed, "480")), ElementsAre("queued", "initiated", "failed"));
    EXPECT_EQ(sent("/status", "SipResponseCode").back(), "480");
    EXPECT_THAT(notices(), IsEmpty());
}

TEST_F(CallPlayTest, OnlyTheEndIsToldUnlessMoreIsAskedFor) {
    play({}, {{"StatusCallback", "https://mail.example.com/status"}});
    EXPECT_THAT(sent("/status", "CallStatus"), ElementsAre("completed"));
    EXPECT_THAT(sent("/status", "SequenceNumber"), ElementsAre("0"));
}

TEST_F(CallPlayTest, RingsNoLongerThanItIsAskedTo) {
    CallScript mailbox;
    mailbox.answered_by = "machine_start";
    mailbox.ring = 20;
    EXPECT_EQ(play(mailbox, {{"Timeout", "15"}}).back(), "no-answer");
    EXPECT_EQ(play(mailbox, {{"Timeout", "30"}}).back(), "completed");
}

TEST_F(CallPlayTest, PostsAreSignedWithTheToken) {
    play({});
    ASSERT_FALSE(requests_.empty());
    for (const auto& one : requests_)
        EXPECT_EQ(find_field(one.headers, "X-Twilio-Signature"),
                  twilio_signature("twilio-token", one.url, parse_urlencoded(one.body)));
}

TEST_F(CallPlayTest, DetectionSaysWhoAnswered) {
    CallScript machine;
    machine.answered_by = "machine_start";
    play(machine, {{"MachineDetection", "Enable"}});
    EXPECT_THAT(sent("/twiml", "AnsweredBy"), ElementsAre("machine_start"));
    play(machine, {{"MachineDetection", "DetectMessageEnd"},
                   {"AsyncAmd", "true"},
                   {"AsyncAmdStatusCallback", "https://mail.example.com/amd"}});
    EXPECT_THAT(sent("/amd", "AnsweredBy"), ElementsAre("machine_end_beep"));
    EXPECT_THAT(notices(), IsEmpty());
    play(machine, {{"MachineDetection", "Enable"}, {"AsyncAmd", "true"}});
    EXPECT_EQ(exchange().calls().back()->answered_by, "machine_start");
    EXPECT_EQ(sent("/twiml", "AnsweredBy").back(), "none");
    EXPECT_THAT(notices(), ElementsAre(21262));
}

TEST_F(CallPlayTest, AQueuedOrRingingCallCanBeCancelled) {
    for (const std::string state : {"queued", "ringing"}) {
        CallScript held;
        held.hold = state;
        script(held);
        const auto played = call(call_form(told()));
        run_until([&] { return played->status == state && played->nap; });
        const auto reply = request("POST", "Calls/" + played->sid + ".json", {{"Status", "canceled"}});
        EXPECT_EQ(text_at(body_of(reply), "status"), "canceled");
        run();
        EXPECT_EQ(played->status, "canceled");
        EXPECT_EQ(sent("/status", "CallStatus").back(), "canceled");
        EXPECT_EQ(code_of(request("POST", "Calls/" + played->sid + ".json", {{"Status", "completed"}})),
                  21220);
    }
}

TEST_F(CallPlayTest, AHeldCallGoesOnWhenItIsReleased) {
    CallScript held;
    held.hold = "ringing";
    script(held);
    const auto played = call(call_form());
    run_until([&] { return played->status == "ringing" && played->nap; });
    EXPECT_TRUE(exchange().release(played->sid));
    run();
    EXPECT_EQ(played->status, "completed");
    EXPECT_THAT(words_of(*played), ElementsAre("Hello"));
}

TEST_F(CallPlayTest, ACallInProgressIsEndedOrRedirectedButNotCancelled) {
    CallScript held;
    held.digits = {"?"};
    script(held);
    page("/twiml", "<Response><Gather><Say>Press</Say></Gather></Response>");
    const auto played = call(call_form());
    const auto change = [&](const Fields& fields) {
        return request("POST", "Calls/" + played->sid + ".json", fields);
    };
    EXPECT_EQ(code_of(change({{"Twiml", "<Response/>"}})), 21220);
    run_until([&] { return played->listens && played->nap && words_of(*played).size() == 1; });
    EXPECT_EQ(text_at(body_of(change({{"Status", "canceled"}})), "status"), "in-progress");
    EXPECT_EQ(code_of(change({{"Twiml", "<Response><Gather action=\"digit\"/></Response>"}})), 15004);
    change({{"Twiml", "<Response><Say>Over</Say></Response>"}});
    run();
    EXPECT_THAT(words_of(*played), ElementsAre("Press", "Over"));
    const auto ended = call(call_form());
    run_until([&] { return ended->listens && ended->nap; });
    request("POST", "Calls/" + ended->sid + ".json", {{"Status", "completed"}});
    run();
    EXPECT_EQ(ended->status, "completed");
}

TEST_F(CallPlayTest, CallsAreDialledAtThePaceOfTheAccount) {
    exchange().account().calls_a_second = 0.02;
    exchange().account().speed = 1000;
    const auto first = call(call_form());
    const auto second = call(call_form());
    const auto third = call(call_form());
    run();
    // A slot each 50 ms; a timer never rings early, whatever else the machine does.
    using std::chrono::milliseconds;
    EXPECT_GE(*second->started - first->created, milliseconds(49));
    EXPECT_GE(*third->started - first->created, milliseconds(99));
    EXPECT_EQ(exchange().most_live(), 3U);
}

TEST_F(CallPlayTest, CallbacksGoWrongAsTheyAreTold) {
    auto& faults = exchange().account().callbacks;
    faults.reversed = true;
    play({});
    EXPECT_THAT(sent("/status", "SequenceNumber"), ElementsAre("3", "2", "1", "0"));
    requests_.clear();
    faults = {};
    faults.times = 2;
    faults.dropped = {"ringing", "initiated"};
    play({});
    EXPECT_THAT(sent("/status", "SequenceNumber"), ElementsAre("2", "2", "3", "3"));
    requests_.clear();
    faults = {};
    faults.wrong_key = true;
    play({});
    EXPECT_NE(
        find_field(requests_.back().headers, "X-Twilio-Signature"),
        twilio_signature("twilio-token", requests_.back().url, parse_urlencoded(requests_.back().body)));
}

TEST_F(CallPlayTest, ACallbackThatFailsIsRepeatedOnceAndLogged) {
    page("/status", "down", 503, "text/plain");
    play({}, {{"StatusCallback", "https://mail.example.com/status"}});
    EXPECT_THAT(sent("/status", "CallStatus"), SizeIs(2));
    EXPECT_THAT(notices(), ElementsAre(15003));
    page("/status", "", 200);
    play({}, {{"StatusCallback", "https://mail.example.com/status#rc=3"}});
    EXPECT_THAT(sent("/status", "CallStatus"), SizeIs(3));
    EXPECT_THAT(notices(), ElementsAre(15003, 15003));
}

}  // namespace
}  // namespace mailrota::fakes
