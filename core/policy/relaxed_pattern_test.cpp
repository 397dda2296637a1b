#include "core/policy/relaxed_pattern.h"

#include <gtest/gtest.h>

namespace mailrota::policy {
namespace {

std::string relaxed(std::string_view text) {
    const auto source = parse_pattern_source(text);
    return source ? relaxed_pattern(*source).value_or("none") : "not a pattern";
}

TEST(RelaxedPattern, KeepsWhatBothLibrariesSeeAlike) {
    for (const std::string pattern :
         {R"(Priority: (?<level>High|Urgent)!*)", R"(key[^]\]a-z[:alpha:]\d]+?x{2,3})",
          R"((?:a|b)\.\[\]\bc\B\x41\A\z)", R"((?=a)bcd(?!c)(?<=d)e(?<!f))", R"((?i:abc)(?P<n>b)#)",
          R"((?is)Straße \(neu\))"})
        EXPECT_EQ(relaxed("/" + pattern + "/"), pattern);
    EXPECT_EQ(relaxed("/abc  b/x"), "(?x)abc  b");
    EXPECT_EQ(relaxed("/Größe [^\\w]/iu"), "Größe [^\\w]");
}

TEST(RelaxedPattern, WidensClassesThatKnowUnicode) {
    EXPECT_EQ(relaxed("/\\bGröße \\w+[\\dx]\\B\\W[\\W]/u"),
              "Größe [\\w\\x{80}-\\x{10ffff}]+[\\d\\x{80}-\\x{10ffff}x]\\W[\\W]");
}

TEST(RelaxedPattern, LeavesLineAnchorsOut) {
    EXPECT_EQ(relaxed("/^Priority: High$/m"), "Priority: High");
    EXPECT_EQ(relaxed("/(^|\\n)abc[$^]\\^\\Z/"), "(|\\n)abc[$^]\\^");
}

TEST(RelaxedPattern, HasNoAnswerForWhatMayMatchLessThere) {
    EXPECT_EQ(relaxed("/abc/"), "abc");
    for (const std::string text :
         {"/abc(a)\\1/",       "/abc++/",       "/abc+ +/x",    "/abc(?>a)b/",    "/abc{2}+/",
          "/(*UCP)abc/",       "/abc\\Kb/",     "/\\Rabc/",     "/abc\\p{L}/u",   "/abc\\x{41}/",
          "/abc\\x41/u",       "/\\Qabc\\E/",   "/abc\\012/",   "/abc\\h/",       "/abc(?|a|b)/",
          "/(abc)(?(1)a|b)/",  "/(abc)(?1)/",   "/abc(?i)b|c/", "/(?x)abc b/",    "/abc # b/x",
          "/abc(?#a)b/",       "/^*abc/",       "/^ *abc/x",    "/(?=abc$)a/",    "/[[:<:]]abc/",
          "/abc[[:alpha:]]/u", "/abc\u037F/iu", "/abc[^\\W]/u", "/(?=a)\\babc/u", "/abc\xFF/u",
          "/abc\u00C5/x",      "/abc\u2028/xu"})
        EXPECT_EQ(relaxed(text), "none") << text;
    EXPECT_EQ(relaxed(std::string("/abc\0b/", 7)), "none");
}

TEST(RelaxedPattern, HasNoAnswerForWhatRulesTooLittleOut) {
    for (const std::string text :
         {"/ab/", "/\\d{4}-\\d\\d-\\d\\d/", "/[abc]de|f/", "/a.b.c/", "/ab(c)/", "/abx{2}/"})
        EXPECT_EQ(relaxed(text), text == "/abx{2}/" ? "abx{2}" : "none") << text;
}

TEST(EvenText, IsWellFormedUtf8OfCharactersThatDoNotChange) {
    for (const std::string text :
         {"", "plain words, seven or eight",
          "Gr\u00FC\u00DFe \u0416 \u201Cyes\u201D \u0130 \u20AC \u4E2D \xF0\x9F\x98\x80 \u2713"})
        EXPECT_TRUE(even_text(text)) << text;
    for (const std::string text :
         {"\xFF", "12345678\xC3",
          "\xC3"
          "a",
          "\xC0\x80", "\xE0\x80\x80", "\xF0\x80\x80\x80", "\u037F", "\u212A", "\u1C90", "\xF8\x9F\x98\x80",
          "\xE2\x80", "\xED\xA0\x80", "\xF0\x9E\xA4\x80"})
        EXPECT_FALSE(even_text(text)) << text;
}

}  // namespace
}  // namespace mailrota::policy
