// How a text is parted among <Say> elements, by what each kind of voice takes.
#include "core/providers/twiml_say.h"

#include <gmock/gmock.h>

#include "core/providers/phone_form.h"
#include "core/providers/phone_text.h"

namespace mailrota::providers {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;

std::string repeated(std::string_view piece, std::size_t times) {
    std::string text;
    for (std::size_t at = 0; at < times; ++at) text += piece;
    return text;
}

std::size_t longest(const std::string& text, std::string_view voice) {
    std::size_t most = 0;
    for (const auto piece : say_pieces(text, voice)) most = std::max(most, piece.size());
    return most;
}

TEST(SayPieces, EachVoiceTakesSoMuch) {
    const std::string text(20'000, 'a');
    EXPECT_EQ(longest(text, ""), 4096U);
    EXPECT_EQ(longest(text, "woman"), 4096U);
    EXPECT_EQ(longest(text, "Polly.Joanna"), 3000U);
    EXPECT_EQ(longest(text, "Polly.Joanna-Neural"), 3000U);
    EXPECT_EQ(longest(text, "Google.en-US-Standard-A"), 4500U) << "encoded for a URL";
    EXPECT_EQ(longest(text, "Somebody.New"), 3000U) << "the least of all";
}

TEST(SayPieces, NoPieceIsTooLongWhenEncoded) {
    for (const char* character :
         {" a", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x94\xA5", "&", "\xC3\xA4 b. "}) {
        const std::string text = clean_text(repeated(character, 5'000), 100'000);
        std::string together;
        for (const auto piece : say_pieces(text, "Google.x")) {
            EXPECT_LE(percent_encoded(piece).size(), 4500U) << character;
            together +=
                (together.empty() || text.find(' ') == std::string::npos ? "" : " ") + std::string(piece);
        }
        EXPECT_EQ(together, text) << character;
    }
}

TEST(SayPieces, TheyEndWithASentenceElseWithAWord) {
    const std::string sentences = repeated("The disk is full. ", 500);
    for (const auto piece : say_pieces(sentences, ""))
        EXPECT_THAT(std::string(piece), testing::AnyOf(EndsWith("full."), EndsWith("full. ")));
    const std::string words = repeated("disk ", 2'000);
    for (const auto piece : say_pieces(words, ""))
        EXPECT_THAT(std::string(piece), testing::AnyOf(EndsWith("disk"), EndsWith("disk ")));
    EXPECT_THAT(say_pieces("One sentence. Two.", ""), ElementsAre("One sentence. Two."));
    EXPECT_THAT(say_pieces("", ""), IsEmpty());
}

}  // namespace
}  // namespace mailrota::providers
