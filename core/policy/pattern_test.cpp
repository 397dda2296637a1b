#include "core/policy/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace mailrota::policy {
namespace {

Pattern compiled(std::string_view text, PatternLimits limits = {}) {
    auto pattern = Pattern::compile(text, limits);
    if (!pattern) throw std::runtime_error(pattern.error().text);
    return *pattern;
}

TEST(Pattern, FlagsMeanWhatTheySay) {
    struct Case {
        const char* pattern;
        const char* subject;
        bool yes;
    };
    const Case cases[] = {
        {"/abc/", "xabcx", true},
        {"/abc/", "ABC", false},
        {"/abc/i", "ABC", true},
        {"/^b$/", "a\nb\nc", false},
        {"/^b$/m", "a\nb\nc", true},
        {"/^b$/m", "a\r\nb\r\nc", true},
        {"/a.b/", "a\nb", false},
        {"/a.b/s", "a\nb", true},
        {"/a b # c/x", "ab", true},
        {"/^.$/", "\xC3\xA4", false},
        {"/^.$/u", "\xC3\xA4", true},
        {"/\xC3\xA4/i", "\xC3\x84", false},
        {"/\xC3\xA4/iu", "\xC3\x84", true},
        {"/^\\w+$/", "\xC3\xA4", false},
        {"/^\\w+$/u", "\xC3\xA4", true},
        {"/a\\/b/", "a/b", true},
        {"/a/b/", "a/b", true},
        {"//", "", true},
    };
    for (const auto& c : cases)
        EXPECT_EQ(compiled(c.pattern).match(c.subject).answer, c.yes ? Answer::yes : Answer::no)
            << c.pattern << " on " << c.subject;
}

TEST(Pattern, ErrorsGiveTheWordsOfPcre2AndTheOffset) {
    EXPECT_EQ(Pattern::compile("/a(b/").error().text, "/a(b/: missing closing parenthesis at offset 3");
    EXPECT_EQ(Pattern::compile("/a/q").error().text, "/a/q: the flag \"q\" is not one of i m s x u");
    EXPECT_EQ(Pattern::compile("abc").error().text, "abc: a pattern is written /…/flags");
    EXPECT_FALSE(Pattern::compile(""));
    EXPECT_FALSE(Pattern::compile("/"));
    EXPECT_FALSE(Pattern::compile("/(*UTF)a/"));
    EXPECT_FALSE(Pattern::compile("/a\\C/u"));
}

TEST(Pattern, NamedGroupsThatTookPartAreCaptured) {
    const auto pattern = compiled("/^(?<ticket>\\d+)(-(?<part>\\d+))?(x)?$/");
    EXPECT_THAT(pattern.group_names(), testing::ElementsAre("part", "ticket"));
    EXPECT_THAT(pattern.match("4711").captures, testing::ElementsAre(testing::Pair("ticket", "4711")));
    EXPECT_THAT(pattern.match("4711-2x").captures,
                testing::ElementsAre(testing::Pair("part", "2"), testing::Pair("ticket", "4711")));
    EXPECT_TRUE(pattern.match("x").captures.empty());
}

TEST(Pattern, BytesThatAreNoUtf8AreOnlyNoMatch) {
    const auto pattern = compiled("/b.d/u");
    EXPECT_EQ(pattern.match("\xFF\xFE b\xFF-d").answer, Answer::no);
    EXPECT_EQ(pattern.match("\xFF\xFE bcd \xFF").answer, Answer::yes);
    EXPECT_EQ(compiled("/\\xFF/").match("a\xFF").answer, Answer::yes);
    EXPECT_EQ(compiled("/a\\x00b/").match(std::string_view("a\0b", 3)).answer, Answer::yes);
}

TEST(Pattern, BacktrackingForEverEndsInDoubt) {
    const std::string subject = std::string(64, 'a') + "b";
    for (const auto* text : {"/^(a+)+$/", "/(*NO_JIT)^(a+)+$/"}) {
        const auto match = compiled(text).match(subject);
        EXPECT_EQ(match.answer, Answer::unknown) << text;
        EXPECT_EQ(match.doubt, Doubt::limit) << text;
        EXPECT_EQ(match.why, "PCRE2: match limit exceeded") << text;
        EXPECT_TRUE(match.captures.empty());
    }
}

TEST(Pattern, EveryLimitIsDoubt) {
    const std::string subject(5'000'000, 'a');
    EXPECT_EQ(compiled("/^(?:a|(b))*c/").match(subject).doubt, Doubt::limit) << "stack of the compiled code";
    EXPECT_EQ(compiled("/(*NO_JIT)^(?:a|(b))*c/", {100'000'000, 100, 20'000}).match(subject).why,
              "PCRE2: matching depth limit exceeded");
    EXPECT_EQ(compiled("/(*NO_JIT)^(?:a|(b))*c/", {100'000'000, 100'000'000, 100}).match(subject).why,
              "PCRE2: heap limit exceeded");
}

TEST(Pattern, DeepMatchesGetAStackOfTheirOwn) {
    const std::string subject(10'000, 'a');
    EXPECT_EQ(compiled("/^(?:a|(b))*$/").match(subject).answer, Answer::yes);
}

TEST(Pattern, JitIsUsedUnlessRefused) {
    EXPECT_TRUE(compiled("/abc/").jitted());
    const auto interpreted = compiled("/(*NO_JIT)a(?<x>b)c/");
    EXPECT_FALSE(interpreted.jitted());
    EXPECT_EQ(interpreted.match("abc").captures.at("x"), "b");
}

TEST(Pattern, ManyThreadsMatchOnePattern) {
    const auto pattern = compiled("/^(?:a|(b))*(?<last>\\d+)$/");
    const std::string subject = std::string(10'000, 'a') + "42";
    std::vector<std::thread> threads;
    std::array<int, 4> hits{};
    for (auto& hit : hits)
        threads.emplace_back([&] {
            for (int i = 0; i < 20; ++i)
                hit += pattern.match(subject).captures["last"].ends_with("2") ? 1 : 0;
        });
    for (auto& thread : threads) thread.join();
    EXPECT_THAT(hits, testing::Each(20));
}

}  // namespace
}  // namespace mailrota::policy
