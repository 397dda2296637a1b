#include "tests/fakes/call_talk.h"

#include <boost/json/serialize.hpp>

#include "tests/fakes/twilio_fixture.h"

namespace mailrota::fakes {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CallTalkTest : public TwilioTest {
  protected:
    CallTalkTest() {
        page("/digit", "<Response><Say>Thank you</Say></Response>");
        page("/twiml",
             "<Response><Gather numDigits=\"1\" action=\"digit\"><Say language=\"en-US\">Alert</Say>"
             "<Say>Press 1</Say></Gather><Say>Nobody there</Say></Response>");
    }

    CallPointer talk(const CallScript& one, const Fields& more = {}) {
        script(one);
        const auto played = call(call_form(more));
        run();
        return played;
    }
    static CallScript presses(const std::vector<std::string>& digits) {
        CallScript script;
        script.digits = digits;
        return script;
    }
};

TEST_F(CallTalkTest, AKeyGoesToTheActionAndItsAnswerIsPlayed) {
    const auto played = talk(presses({"1"}));
    EXPECT_THAT(words_of(*played), ElementsAre("Alert", "Press 1", "Thank you"));
    EXPECT_EQ(played->spoken[0].language, "en-US");
    EXPECT_THAT(sent("/digit", "Digits"), ElementsAre("1"));
    EXPECT_THAT(sent("/digit", "CallStatus"), ElementsAre("in-progress"));
    EXPECT_THAT(notices(), IsEmpty());
}

TEST_F(CallTalkTest, WithoutAKeyTheNextVerbComes) {
    EXPECT_THAT(words_of(*talk({})), ElementsAre("Alert", "Press 1", "Nobody there"));
    CallScript machine = presses({"1"});
    machine.answered_by = "machine_start";
    EXPECT_THAT(words_of(*talk(machine)), ElementsAre("Alert", "Press 1", "Nobody there"));
    EXPECT_THAT(sent("/digit", "Digits"), IsEmpty());
}

TEST_F(CallTalkTest, AnEarlyKeyCutsThePrompt) {
    CallScript quick = presses({"1"});
    quick.press_after = 0.1;
    EXPECT_THAT(words_of(*talk(quick)), ElementsAre("Alert", "Thank you"));
}

TEST_F(CallTalkTest, KeysArePressedAtOneGatherAfterAnother) {
    page("/digit", "<Response><Redirect>/twiml</Redirect></Response>");
    const auto played = talk(presses({"9", "", "1"}));
    EXPECT_THAT(played->digits, ElementsAre("9"));
    EXPECT_THAT(words_of(*played), ElementsAre("Alert", "Press 1", "Alert", "Press 1", "Nobody there"));
}

TEST_F(CallTalkTest, DigitsEndAtTheFinishingKeyOrTheirNumber) {
    EXPECT_THAT(talk(presses({"123"}))->digits, ElementsAre("1"));
    page("/twiml", "<Response><Gather action=\"digit\"/></Response>");
    EXPECT_THAT(talk(presses({"17#4"}))->digits, ElementsAre("17"));
    page("/twiml", "<Response><Gather action=\"digit\" actionOnEmptyResult=\"true\"/></Response>");
    talk({});
    EXPECT_EQ(sent("/digit", "Digits").back(), "");
}

TEST_F(CallTalkTest, SomebodyHangsUpEarly) {
    CallScript rude = presses({"1"});
    rude.hang_up_after = 0.2;
    const auto played = talk(rude);
    EXPECT_EQ(played->status, "completed");
    EXPECT_EQ(played->duration, 1);
    EXPECT_THAT(words_of(*played), ElementsAre("Alert"));
    EXPECT_THAT(sent("/digit", "Digits"), IsEmpty());
}

TEST_F(CallTalkTest, WaitsForAKeyThatAPersonPressesNow) {
    script(presses({"?"}));
    const auto played = call(call_form());
    run_until([&] { return played->listens && played->nap && words_of(*played).size() == 2; });
    EXPECT_TRUE(exchange().press(played->sid, "2"));
    run();
    EXPECT_THAT(sent("/digit", "Digits"), ElementsAre("2"));
}

TEST_F(CallTalkTest, ADocumentThatCannotBeHadEndsInAnApology) {
    const auto code_with = [&](const std::string& text, int status, const std::string& type) {
        page("/twiml", text, status, type);
        const auto played = talk({});
        EXPECT_THAT(words_of(*played), ElementsAre("An application error has occurred. Goodbye."));
        EXPECT_EQ(played->status, "completed");
        return notices().back();
    };
    EXPECT_EQ(code_with("gone", 404, "text/plain"), 11200);
    EXPECT_EQ(code_with("<Response/>", 200, "text/plain"), 12300);
    EXPECT_EQ(code_with("<Response>", 200, "text/xml"), 12100);
    EXPECT_EQ(code_with("<Response/>" + std::string(65'536, ' '), 200, "text/xml"), 11750);
}

TEST_F(CallTalkTest, TheFallbackIsAskedWhenTheDocumentFails) {
    page("/twiml", "gone", 500, "text/plain");
    page("/fallback", "<Response><Say>Plan B</Say></Response>");
    const auto played = talk({}, {{"FallbackUrl", "https://mail.example.com/fallback"}});
    EXPECT_THAT(words_of(*played), ElementsAre("Plan B"));
    EXPECT_THAT(sent("/fallback", "ErrorCode"), ElementsAre("11200"));
}

TEST_F(CallTalkTest, AnInlineDocumentNeedsAbsoluteUrls) {
    script(presses({"1"}));
    const auto inline_call = [&](const std::string& action) {
        const auto played = call({{"To", somebody},
                                  {"From", ourselves},
                                  {"Twiml", "<Response><Gather numDigits=\"1\" action=\"" + action +
                                                "\"><Say>A</Say></Gather></Response>"}});
        run();
        return words_of(*played);
    };
    EXPECT_THAT(inline_call("https://mail.example.com/digit"), ElementsAre("A", "Thank you"));
    EXPECT_THAT(inline_call("/digit"), ElementsAre("A", "An application error has occurred. Goodbye."));
    EXPECT_THAT(notices(), ElementsAre(11100));
}

TEST_F(CallTalkTest, AGetCarriesItsParametersInTheSignedUrl) {
    page("/twiml", "<Response/>");
    talk({}, {{"Method", "GET"}});
    ASSERT_EQ(requests_.front().method, "GET");
    const auto& url = requests_.front().url;
    EXPECT_THAT(url, testing::StartsWith("https://mail.example.com/twiml?CallSid=CA"));
    EXPECT_EQ(find_field(requests_.front().headers, "X-Twilio-Signature"),
              twilio_signature("twilio-token", url));
}

TEST_F(CallTalkTest, EveryRequestOfACallIsAmongItsEvents) {
    const auto played = talk(presses({"1"}));
    const auto listed = body_of(request("GET", "Calls/" + played->sid + "/Events.json", {}));
    const auto text = boost::json::serialize(listed);
    EXPECT_THAT(text, testing::HasSubstr("\"Digits\":\"1\""));
    EXPECT_THAT(text, testing::HasSubstr("\"response_code\":200"));
    page("/twiml", "<Response><Say voice=\"Susan\">A</Say></Response>");
    const auto warned = talk({});
    const auto log = body_of(request("GET", "Calls/" + warned->sid + "/Notifications.json", {{"Log", "1"}}));
    EXPECT_THAT(boost::json::serialize(log), testing::HasSubstr("\"error_code\":\"13511\""));
}

TEST(ResolvedUrlTest, FollowsTheDocumentsAddress) {
    const std::string base = "https://mail.example.com/call/7/twiml?x=1";
    EXPECT_EQ(resolved("digit", base), "https://mail.example.com/call/7/digit");
    EXPECT_EQ(resolved("/digit", base), "https://mail.example.com/digit");
    EXPECT_EQ(resolved("?y=2", base), "https://mail.example.com/call/7/twiml?y=2");
    EXPECT_EQ(resolved("", base), base);
    EXPECT_EQ(resolved("https://example.net/", base), "https://example.net/");
    EXPECT_EQ(resolved("digit", "https://mail.example.com"), "https://mail.example.com/digit");
    EXPECT_EQ(resolved("ftp://example.net/", base), "");
    EXPECT_EQ(resolved("digit", ""), "");
}

}  // namespace
}  // namespace mailrota::fakes
