#include "tests/fakes/twiml.h"

#include <gmock/gmock.h>

namespace mailrota::fakes {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<int> faults_of(const std::string& verbs) {
    std::vector<int> codes;
    for (const auto& fault : parse_twiml("<Response>" + verbs + "</Response>").faults)
        codes.push_back(fault.code);
    return codes;
}

TEST(TwimlTest, ReadsVerbsWithTheirTextAndAttributes) {
    const auto twiml = parse_twiml(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\n  <Gather numDigits=\"1\" "
        "action=\"/d?a=1&amp;b=2\">"
        "<Say language=\"de-DE\" voice=\"Polly.Vicki\"> A &lt; B &amp; \xC3\xA4 </Say><Pause "
        "length=\"2\"/></Gather>"
        "<Redirect>https://mail.example.com/again</Redirect><Hangup/></Response>");
    EXPECT_THAT(twiml.faults, IsEmpty());
    ASSERT_THAT(twiml.verbs, SizeIs(3));
    EXPECT_EQ(twiml.verbs[0].attribute("action"), "/d?a=1&b=2");
    EXPECT_EQ(twiml.verbs[0].number("timeout", 5), 5);
    EXPECT_EQ(twiml.verbs[0].nested[0].text, "A < B & \xC3\xA4");
    EXPECT_EQ(twiml.verbs[0].nested[1].number("length", 1), 2);
    EXPECT_EQ(twiml.verbs[1].text, "https://mail.example.com/again");
}

TEST(TwimlTest, WhatIsNoDocumentEndsTheCall) {
    for (const std::string document :
         {"", "Hello", "<Response><Say>A & B</Say></Response>", "<Response><Say>A</Response>",
          "<Response><Say>\x01</Say></Response>", "<Say>A</Say>", "<Response/><Response/>",
          "<Response><Say>\xFF</Say></Response>"}) {
        const auto twiml = parse_twiml(document);
        EXPECT_TRUE(twiml.is_fatal()) << document;
        EXPECT_EQ(twiml.faults.at(0).code, 12100) << document;
    }
}

TEST(TwimlTest, WarnsOfWhatTheGrammarDoesNotHave) {
    EXPECT_THAT(faults_of("<Speak>A</Speak>"), ElementsAre(12200));
    EXPECT_THAT(faults_of("<Say lang=\"en-US\">A</Say>"), ElementsAre(12200));
    EXPECT_THAT(faults_of("<Say language=\"en-XX\">A</Say>"), ElementsAre(12200));
    EXPECT_THAT(faults_of("<Say voice=\"Susan\">A</Say>"), ElementsAre(13511));
    EXPECT_THAT(faults_of("<Say loop=\"-1\">A</Say>"), ElementsAre(13510));
    EXPECT_THAT(faults_of("<Say></Say>"), ElementsAre(13520));
    EXPECT_THAT(faults_of("<Gather method=\"PUT\"/>"), ElementsAre(13312));
    EXPECT_THAT(faults_of("<Gather timeout=\"soon\"/>"), ElementsAre(13313));
    EXPECT_THAT(faults_of("<Gather numDigits=\"0\"/>"), ElementsAre(13314));
    EXPECT_THAT(faults_of("<Gather finishOnKey=\"x\"/>"), ElementsAre(13310));
    EXPECT_THAT(faults_of("<Gather><Hangup/></Gather>"), ElementsAre(13320));
    EXPECT_THAT(faults_of("<Pause length=\"0\"/>"), ElementsAre(13910));
    EXPECT_THAT(faults_of("<Redirect method=\"get\">/x</Redirect>"), ElementsAre(13710));
    EXPECT_THAT(faults_of("loose words<Hangup/>"), ElementsAre(12200));
    EXPECT_THAT(faults_of("<Say voice=\"alice\">A <break/></Say>"), ElementsAre(12200));
    EXPECT_THAT(faults_of("<Say voice=\"Polly.Amy\">A <break/></Say>"), IsEmpty());
}

TEST(TwimlTest, ATextHasTheLimitOfItsVoice) {
    const auto said = [](const std::string& voice, std::size_t characters) {
        std::string text;
        for (std::size_t count = 0; count < characters; ++count) text += "\xC3\xA4";
        return parse_twiml("<Response><Say voice=\"" + voice + "\">" + text + "</Say></Response>").is_fatal();
    };
    EXPECT_FALSE(said("alice", 4096));
    EXPECT_TRUE(said("alice", 4097));
    EXPECT_FALSE(said("Polly.Vicki", 3000));
    EXPECT_TRUE(said("Polly.Vicki", 3001));
    EXPECT_TRUE(said("Google.de-DE-Wavenet-A", 5001));
}

TEST(TwimlTest, AnAnswerToAMessageHasMessages) {
    const auto twiml = parse_message_twiml("<Response><Message>ok</Message><Say>no</Say></Response>");
    ASSERT_THAT(twiml.verbs, SizeIs(1));
    EXPECT_EQ(twiml.verbs[0].text, "ok");
    EXPECT_THAT(twiml.faults, SizeIs(1));
}

}  // namespace
}  // namespace mailrota::fakes
