#include "core/config/text_check.h"

#include <gmock/gmock.h>

#include "core/config/load_for_test.h"

namespace mailrota::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::string_view three_lines =
    "[rota.orders]\naddresses = [\"orders@example.com\"]\nmembers = [\"ann@example.com\"]\n";

std::string repeated(std::string_view piece, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += piece;
    return out;
}

TEST(HostileText, CarriageReturnsAndAByteOrderMarkAreTaken) {
    std::string text = "\xEF\xBB\xBF";
    for (const char c : three_lines) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
    EXPECT_THAT(messages(text), IsEmpty());
}

TEST(HostileText, NulByteIsToldWithItsLine) {
    std::string text(three_lines);
    text += '\0';
    EXPECT_THAT(
        messages(text),
        ElementsAre("m.toml:4: error: a NUL byte: this is no text file (hint: save the file as UTF-8)"));
}

TEST(HostileText, Utf16IsNoText) {
    EXPECT_THAT(
        messages(std::string_view("\xFF\xFE[\0r\0", 6)),
        ElementsAre("m.toml:1: error: a NUL byte: this is no text file (hint: save the file as UTF-8)"));
}

TEST(HostileText, InvalidUtf8IsToldWithItsPlace) {
    EXPECT_THAT(
        messages("# fine\n[rota.orders]\naddresses = \"\xFF@example.com\"\n"),
        ElementsAre("m.toml:3: error: this is no TOML, column 13: Encountered invalid utf-8 sequence"));
}

TEST(HostileText, DeepBracketsAreRefusedBeforeTheParser) {
    const char* message = "m.toml:2: error: brackets stand too deep inside each other: at most 48 are read";
    EXPECT_THAT(messages("\na = " + repeated("[", 100'000)), ElementsAre(message));
    EXPECT_THAT(messages("\na = " + repeated("{a = ", 100'000)), ElementsAre(message));
    EXPECT_THAT(messages("\n" + repeated("[", 100'000)), ElementsAre(message));
}

TEST(HostileText, LongKeysAreRefusedBeforeTheParser) {
    const char* message = "m.toml:1: error: a key has too many parts: at most 16 are read";
    EXPECT_THAT(messages(repeated("a.", 100'000) + "b = 1"), ElementsAre(message));
    EXPECT_THAT(messages("[" + repeated("a.", 100'000) + "b]"), ElementsAre(message));
    EXPECT_THAT(messages("[" + repeated("\"a\".", 100'000) + "b]"), ElementsAre(message));
    EXPECT_THAT(messages("[" + repeated("a . ", 100'000) + "b]"), ElementsAre(message));
}

TEST(HostileText, DeepConditionsAreReadToTheLimit) {
    const int depth = deepest_brackets - 1;
    const std::string text = "[[rule]]\nthen = \"stop\"\nwhen = " + repeated("{ not = ", depth) +
                             "{ trusted = true }" + repeated(" }", depth) + "\n";
    EXPECT_THAT(messages(text), IsEmpty());
}

TEST(HostileText, BracketsAndDotsInTextsAndCommentsDoNotCount) {
    const std::string many = repeated("[{.", 200);
    const std::string text = "# " + many + "\n[[rule]]\nthen = \"stop\"\nname = \"" + many +
                             "\\\"\"\nwhen.subject = ['" + many + "*', \"\"\"" + many + "\n\"" + many +
                             "*\"\"\", '''" + many + "*''']\n";
    EXPECT_THAT(messages(text), IsEmpty());
}

TEST(HostileText, HugeTextIsRefused) {
    EXPECT_THAT(
        messages(std::string(longest_text + 1, '#')),
        ElementsAre(
            "m.toml: error: 33554433 bytes are too many: at most 33554432 are read (hint: put long lists of "
            "addresses into a [list.NAME] file)"));
}

TEST(HostileText, TenThousandRotasAreRead) {
    std::string text;
    for (int i = 0; i < 10'000; ++i) {
        const std::string n = std::to_string(i);
        text +=
            "[rota.r" + n + "]\naddresses = [\"r" + n + "@example.com\"]\nmembers = [\"ann@example.com\"]\n";
    }
    const Loaded loaded = load_text(text);
    EXPECT_THAT(loaded.diagnostics, IsEmpty());
    ASSERT_TRUE(loaded.ok());
    EXPECT_EQ(loaded.policy->rotas().size(), 10'000U);
}

TEST(HostileText, UnclosedTextIsASyntaxError) {
    EXPECT_THAT(messages("name = \"x\n"),
                ElementsAre(StartsWith("m.toml:1: error: this is no TOML, column 10: ")));
    EXPECT_THAT(messages("name = \"\"\"x\n\n\\"), ElementsAre(StartsWith("m.toml:")));
}

TEST(HostileText, ControlCharactersOfValuesAreShownEscaped) {
    EXPECT_THAT(messages("\"a\\nb\\u0007\" = 1"), ElementsAre("m.toml:1: error: unknown key \"a\\nb\\x07\""));
}

TEST(HostileText, LongValuesAreCutBetweenCharacters) {
    const std::string name = repeated("é", 41);
    EXPECT_THAT(messages(three_lines.data() + ("strategy = \"" + name + "\"\n")),
                ElementsAre("m.toml:4: error: rota.orders.strategy: \"" + repeated("é", 40) +
                            "…\" is none of \"round-robin\", \"failover\", \"all\" or \"schedule\""));
}

}  // namespace
}  // namespace mailrota::config
