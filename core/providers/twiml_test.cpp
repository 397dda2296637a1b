// The documents that calls say.
#include "core/providers/twiml.h"

#include <gmock/gmock.h>

#include "core/providers/twiml_fixture.h"

namespace mailrota::providers {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::Ge;
using testing::Le;
using testing::StartsWith;

constexpr const char* digit_url = "https://mail.example.com/call/0011/digit?a=1&b=2";

Speech speech(std::string text, std::string language = "en-US", std::string voice = "") {
    return {std::move(text), std::move(language), std::move(voice), true};
}

Element call(const Speech& said, std::size_t most = served_document_most) {
    return read_document(call_document(said, digit_url, most));
}

TEST(Twiml, ACallGreetsSaysItsTextTwiceAndAsksForAKey) {
    const Element response = call(speech("The disk of db1 is full."));
    EXPECT_EQ(response.name, "Response");
    EXPECT_EQ(response.outline(), "Say Pause Gather Say Hangup");
    EXPECT_EQ(response.children[0].text, phrases("en").greeting);
    EXPECT_EQ(response.children[3].text, phrases("en").no_input);
    const Element& gather = *response.child("Gather");
    EXPECT_EQ(gather.outline(), "Say Pause Say Pause Say Pause Say");
    const std::string once = "The disk of db1 is full. " + std::string(phrases("en").menu);
    EXPECT_EQ(gather.said(), once + " " + once);
    EXPECT_EQ(gather.attributes.at("numDigits"), "1");
    EXPECT_EQ(gather.attributes.at("action"), digit_url);
    EXPECT_EQ(gather.attributes.at("method"), "POST");
}

TEST(Twiml, WithoutAMenuTheTextIsReadOutTwice) {
    Speech said = speech("The disk is full.");
    said.menu = false;
    const Element response = read_document(call_document(said, "", inline_document_most));
    EXPECT_EQ(response.outline(), "Say Pause Say Pause Say Hangup");
    EXPECT_EQ(response.said(), std::string(phrases("en").greeting) + " The disk is full. The disk is full.");
}

// Case 5 and TW-8.
TEST(Twiml, HostileTextStaysText) {
    const Element response = call(speech("Tom & \"Jerry\" <Hangup/> 'x' ]]> <!-- &amp; <?x?>"));
    EXPECT_EQ(response.outline(), "Say Pause Gather Say Hangup");
    EXPECT_THAT(response.child("Gather")->said(),
                StartsWith("Tom & \"Jerry\" <Hangup/> 'x' ]]> <!-- &amp; <?x?> "));
}

TEST(Twiml, EveryByteMakesAWellFormedDocument) {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string text = std::string("a") + static_cast<char>(byte) + "b";
        EXPECT_THAT(call(speech(text)).child("Gather")->said(), StartsWith("a"));
    }
    for (const char* odd : {"\xEF\xBF\xBE", "\xEF\xBF\xBF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC0\x80",
                            "\xF0\x9F", "\xEF\xB7\x90", "\xE2\x80\xAE"})
        EXPECT_THAT(call(speech(std::string("a") + odd + "b")).child("Gather")->said(), StartsWith("ab "))
            << odd;
}

// A text of which nothing can be said is still an alert that somebody must acknowledge.
TEST(Twiml, AnEmptyTextIsStillAskedFor) {
    for (const char* text : {"", " ", "\x01\x02\xFF"}) {
        const Element response = call(speech(text));
        EXPECT_EQ(response.child("Gather")->outline(), "Pause Say Pause Pause Say");
        EXPECT_THAT(response.child("Gather")->said(), StartsWith(std::string(phrases("en").menu)));
    }
}

// Case 6: every call has its own document.
TEST(Twiml, TicketNumbersAreSpelled) {
    EXPECT_THAT(call(speech("Issue 86581 was escalated.")).child("Gather")->said(),
                StartsWith("Issue 8 6 5 8 1 was escalated. "));
    EXPECT_THAT(call(speech("Issue 86582 was escalated.")).child("Gather")->said(),
                StartsWith("Issue 8 6 5 8 2 was escalated. "));
}

TEST(Twiml, AnInlineDocumentIsCutAtAWord) {
    std::string text;
    while (text.size() < 6'000) text += "tom&jerry ";
    const std::string xml = call_document(speech(text), digit_url, inline_document_most);
    EXPECT_THAT(xml.size(), AllOf(Le(inline_document_most), Ge(inline_document_most - 100)));
    const Element response = read_document(xml);
    ASSERT_EQ(response.child("Gather")->outline(), "Say Pause Say Pause Say Pause Say");
    EXPECT_THAT(response.child("Gather")->children[0].text, EndsWith(" tom&jerry"));
    EXPECT_EQ(response.child("Gather")->children[0].text, response.child("Gather")->children[4].text);
}

TEST(Twiml, AServedDocumentHasAllOfALongTextInSeveralPieces) {
    std::string text;
    while (text.size() < 5'990) text += "The disk is full again. ";
    text.pop_back();
    const Element response = call(speech(text));
    const std::string once = text + " " + std::string(phrases("en").menu);
    EXPECT_EQ(response.child("Gather")->said(), once + " " + once);
    EXPECT_EQ(response.child("Gather")->outline(), "Say Say Pause Say Pause Say Say Pause Say");
    EXPECT_THAT(response.child("Gather")->children[0].text, EndsWith("again."));
}

TEST(Twiml, NothingMakesADocumentTooLong) {
    for (const std::string& text :
         {std::string(100'000, 'A'), std::string(10'000'000, '&'), std::string(300'000, '7'),
          std::string(1'000'000, '\xFF'), std::string(1'000'000, ' ')}) {
        for (const std::size_t most : {inline_document_most, served_document_most}) {
            const std::string xml = call_document(speech("from " + text), digit_url, most);
            EXPECT_LE(xml.size(), most);
            EXPECT_THAT(read_document(xml).child("Gather")->said(), StartsWith("from"));
        }
    }
    std::string wide;
    while (wide.size() < 200'000) wide += "\xF0\x9F\x94\xA5";
    EXPECT_LE(call_document(speech(wide), digit_url, served_document_most).size(), served_document_most);
}

TEST(Twiml, VoiceAndLanguageAreOfTheCall) {
    const Element response = call(speech("Die Platte ist voll.", "de-AT", "Polly.Hannah-Neural"));
    EXPECT_EQ(response.children[0].text, phrases("de").greeting);
    EXPECT_EQ(response.children[0].attributes.at("language"), "de-AT");
    EXPECT_EQ(response.children[0].attributes.at("voice"), "Polly.Hannah-Neural");
    const Element plain = call(speech("x", "de"));
    EXPECT_EQ(plain.children[0].attributes.at("language"), "de-DE");
    EXPECT_EQ(plain.children[0].attributes.count("voice"), 0U);
    EXPECT_EQ(call(speech("x", "")).children[0].attributes.at("language"), "en-US");
}

// English words are not read by a Swedish voice.
TEST(Twiml, PhrasesOfALanguageThatThereIsNotAreEnglish) {
    const Element response = call(speech("Disken är full.", "sv-SE", "Polly.Astrid"));
    EXPECT_EQ(response.children[0].text, phrases("en").greeting);
    EXPECT_EQ(response.children[0].attributes.at("language"), "en-US");
    EXPECT_EQ(response.children[0].attributes.count("voice"), 0U);
    const Element& text = response.child("Gather")->children[0];
    EXPECT_EQ(text.attributes.at("language"), "sv-SE");
    EXPECT_EQ(text.attributes.at("voice"), "Polly.Astrid");
}

TEST(Twiml, AttributesCannotBeBrokenOutOf) {
    const Element response = call(speech("x", "en\"><Hangup/>", "a\"b<c&d\n"));
    EXPECT_EQ(response.outline(), "Say Pause Gather Say Hangup");
    EXPECT_EQ(response.child("Gather")->children[0].attributes.at("voice"), "a\"b<c&d");
}

TEST(Twiml, AfterAKeyOneSentenceEndsTheCall) {
    const Element response = read_document(answer_document(phrases("fr").acknowledged, speech("", "fr-FR")));
    EXPECT_EQ(response.outline(), "Say Hangup");
    EXPECT_EQ(response.children[0].text, phrases("fr").acknowledged);
    EXPECT_EQ(response.children[0].attributes.at("language"), "fr-FR");
}

TEST(Twiml, AfterAnUnknownKeyTheTextComesAgain) {
    const Element response =
        read_document(answer_document(phrases("en").unknown_key, speech("The disk is full."), digit_url));
    EXPECT_EQ(response.outline(), "Say Pause Gather Say Hangup");
    EXPECT_EQ(response.children[0].text, phrases("en").unknown_key);
    EXPECT_EQ(response.child("Gather")->attributes.at("action"), digit_url);
    const Element same_place = read_document(answer_document("Again.", speech("The disk is full.")));
    EXPECT_EQ(same_place.child("Gather")->attributes.count("action"), 0U);
}

TEST(Twiml, AnSmsIsAnsweredWithOneMessageWhateverItsTextHolds) {
    const Element response = read_document(message_document("Done <&>\x01\x1b\n by \xFF Ann\xE2\x80\xAE"));
    EXPECT_EQ(response.outline(), "Message");
    EXPECT_EQ(response.children[0].text, "Done <&> by Ann");
    const Element longest = read_document(message_document(std::string(5000, 'x')));
    EXPECT_EQ(longest.children[0].text.size(), 1600U);
}

TEST(Twiml, NothingToSayIsAnEmptyResponse) {
    const Element response = read_document(empty_document());
    EXPECT_EQ(response.name, "Response");
    EXPECT_TRUE(response.children.empty());
}

}  // namespace
}  // namespace mailrota::providers
