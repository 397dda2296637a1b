#include "core/policy/sieve.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "core/policy/sample.h"

namespace mailrota::policy {
namespace {

// Patterns, and their sieve.
struct Sifted {
    std::vector<Pattern> patterns;
    Sieve sieve;

    explicit Sifted(std::vector<Pattern> of) : patterns(std::move(of)), sieve(pointers(patterns)) {}
    explicit Sifted(const std::vector<std::string>& texts) : Sifted(compiled(texts)) {}

    static std::vector<Pattern> compiled(const std::vector<std::string>& texts) {
        std::vector<Pattern> patterns;
        for (const auto& text : texts) patterns.push_back(sample::pattern(text));
        return patterns;
    }
    static std::vector<const Pattern*> pointers(const std::vector<Pattern>& patterns) {
        std::vector<const Pattern*> pointers;
        for (const auto& pattern : patterns) pointers.push_back(&pattern);
        return pointers;
    }
    std::vector<std::uint8_t> possible(std::string_view text) const {
        std::vector<std::uint8_t> possible(patterns.size());
        sieve.mark(text, possible);
        return possible;
    }
    // How many patterns the sieve names; a pattern that matches and is not named is a failure.
    int named(std::string_view text) const {
        const auto named = possible(text);
        for (std::size_t i = 0; i < patterns.size(); ++i) {
            const bool lost = !named[i] && patterns[i].match(text).answer == Answer::yes;
            EXPECT_FALSE(lost) << patterns[i].text() << " on " << testing::PrintToString(text);
        }
        return static_cast<int>(std::ranges::count(named, 1));
    }
};

TEST(Sieve, NamesWhatMayMatchAndNothingElse) {
    const Sifted sifted(
        {"/Urgent/", "/urgent/i", "/^Host (?<host>\\S+) is down$/m", "/Größe/iu", "/(abc)\\1/"});
    using testing::ElementsAre;
    EXPECT_THAT(sifted.possible("All is well"), ElementsAre(0, 0, 0, 0, 1));
    EXPECT_THAT(sifted.possible("URGENT: GRÖSSE, GRÖßE"), ElementsAre(0, 1, 0, 1, 1));
    EXPECT_THAT(sifted.possible("1 Urgent\r\nHost db1 is down\r\n"), ElementsAre(1, 1, 1, 0, 1));
    EXPECT_EQ(sifted.sieve.size(), 5U);
    EXPECT_EQ(sifted.sieve.judged(), 4U);
}

TEST(Sieve, LineEndsOfEveryKindHideNothing) {
    const Sifted sifted({"/^key$/m", "/^key$/", "/one$/", "/one\\Z/", "/^key/m", "/one.key/", "/one.key/s",
                         "/one\\skey/", "/one[^x]key/"});
    for (const auto* text : {"one\nkey\nc", "one\r\nkey\r\nc", "one\rkey\rc", "one", "key", "key\n", "one\r",
                             "one\r\n", "key\r\n", ""})
        sifted.named(text);
}

TEST(Sieve, NamesEveryUnicodePatternWhereCharactersMayHaveChanged) {
    const Sifted sifted({"/one/u", "/two/", "/\\w+ three/iu"});
    using testing::ElementsAre;
    EXPECT_THAT(sifted.possible("\u00E4"), ElementsAre(0, 0, 0));
    EXPECT_THAT(sifted.possible("\u1C90"), ElementsAre(1, 0, 1));
    EXPECT_THAT(sifted.possible("\xFF two"), ElementsAre(1, 1, 1));
}

TEST(Sieve, OfNoneOrOfUnjudgeableOnesIsHarmless) {
    EXPECT_EQ(Sifted(std::vector<Pattern>{}).named("x"), 0);
    const Sifted sifted({"/abc|x*/", "/(?>abc)b/", "//", "/abc|/"});
    EXPECT_EQ(sifted.sieve.judged(), 0U);
    EXPECT_EQ(sifted.named("c"), 4);
}

TEST(Sieve, SeesEachByteAsPcre2Does) {
    std::vector<std::string> texts;
    for (const auto* what :
         {"\\d",         "\\D",         "\\w",         "\\W",         "\\s",          "\\S",
          ".",           "[^a]",        "[[:upper:]]", "[[:lower:]]", "[[:alpha:]]",  "[[:alnum:]]",
          "[[:digit:]]", "[[:space:]]", "[[:blank:]]", "[[:punct:]]", "[[:xdigit:]]", "[[:word:]]",
          "[[:cntrl:]]", "[[:graph:]]", "[[:print:]]", "\\b",         "\\B",          "[\\W_]",
          "[^\\s]",      "[^\\D]"})
        for (const auto* flags : {"", "i", "s"}) {
            texts.push_back(fmt::format("/key{}/{}", what, flags));
            texts.push_back(fmt::format("/{}key/{}", what, flags));
        }
    for (int byte = 1; byte < 256; ++byte) texts.push_back(fmt::format("/key[\\x{:02x}]/i", byte));
    const Sifted sifted(texts);
    EXPECT_EQ(sifted.sieve.judged(), texts.size());
    for (int byte = 0; byte < 256; ++byte) {
        const auto one = static_cast<char>(byte);
        sifted.named(std::string("key") + one);
        sifted.named(one + std::string("key"));
    }
}

// Of a character below U+0800.
std::string utf8(unsigned c) {
    if (c < 0x80) return {static_cast<char>(c)};
    return {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
}

TEST(Sieve, SeesEachCharacterThatHasACaseAsPcre2Does) {
    std::vector<std::string> characters;
    for (const auto& [first, last] : {std::pair<int, int>{'A', 'z'}, {0x80, 0x33F}, {0x400, 0x4FF}})
        for (int c = first; c <= last; ++c)
            if (c < '[' || c > '^') characters.push_back(utf8(static_cast<unsigned>(c)));
    std::vector<std::string> texts{"/\\w{2}/u", "/\\W{2}/u",     "/\\s{2}/u",
                                   "/\\S{2}/u", "/[^\\w]{2}/iu", "/\\bx/u"};
    for (const auto& c : characters) texts.push_back(fmt::format("/[{0}]{0}key/iu", c));
    const Sifted sifted(texts);
    EXPECT_GT(sifted.sieve.judged(), characters.size() - 10);
    // Some at a time, far enough apart not to be upper and lower case of each other.
    constexpr std::size_t apart = 90;
    for (std::size_t first = 0; first < apart; ++first) {
        std::string text;
        for (auto at = first; at < characters.size(); at += apart)
            text += characters[at] + characters[at] + "key ";
        EXPECT_LT(sifted.named(text), static_cast<int>(texts.size() / 2));
    }
}

// Patterns and texts of few letters, so that they meet often.
class Random {
  public:
    explicit Random(unsigned seed) : numbers_(seed) {}

    std::string pattern() {
        static const std::string flags[] = {"", "i", "m", "s", "im", "u", "iu", "mu", "imsu"};
        return "/" + alternatives(3) + "/" + pick(flags);
    }
    std::string text() {
        static const std::string pieces[] = {"a",    "b",  "A",      "B",      "k", " ", "\n",
                                             "\r\n", "\r", "\u017F", "\u212A", "s", "_", "aba"};
        std::string text;
        for (auto left = below(12); left > 0; --left) text += pick(pieces);
        return text;
    }

  private:
    std::size_t below(std::size_t n) { return numbers_() % n; }
    template <class Array>
    std::string pick(const Array& of) {
        return of[below(std::size(of))];
    }
    std::string alternatives(int depth) {
        auto text = sequence(depth);
        if (below(4) == 0) text += "|" + sequence(depth);
        return text;
    }
    std::string sequence(int depth) {
        std::string text;
        for (auto left = 1 + below(4); left > 0; --left) text += below(3) == 0 ? "aba" : piece(depth);
        return text;
    }
    std::string piece(int depth) {
        static const std::string atoms[] = {"a",     "b",   "A",   "k",       "s",       " ",      "_",
                                            ".",     "\\s", "\\w", "\\W",     "\\S",     "[ab]",   "[^a]",
                                            "[A-K]", "\\n", "\\r", "\\r?\\n", "(?i:ab)", "(?-i:b)"};
        static const std::string zero[] = {"^",   "$",     "\\b",   "\\B",    "\\A",   "\\z",
                                           "\\Z", "(?=a)", "(?!b)", "(?<=a)", "(?<!b)"};
        static const std::string counts[] = {"", "", "", "?", "*", "+", "+?", "{2}", "{0,2}", "++"};
        if (below(5) == 0) return pick(zero);
        if (depth > 0 && below(5) == 0) return "(" + alternatives(depth - 1) + ")" + pick(counts);
        return pick(atoms) + pick(counts);
    }

    std::mt19937 numbers_;
};

TEST(Sieve, NeverRulesOutAPatternThatMatches) {
    Random random(20'261'122);
    std::size_t judged = 0;
    int named = 0;
    constexpr int sieves = 10;
    constexpr int patterns = 60;
    constexpr int texts = 60;
    for (int i = 0; i < sieves; ++i) {
        std::vector<Pattern> some;
        while (some.size() < patterns)
            if (auto one = Pattern::compile(random.pattern())) some.push_back(std::move(*one));
        const Sifted sifted(std::move(some));
        judged += sifted.sieve.judged();
        for (int j = 0; j < texts; ++j) named += sifted.named(random.text());
    }
    // It is of use as well: most patterns are judged, and many are ruled out.
    EXPECT_GT(judged, sieves * patterns / 3);
    EXPECT_LT(named, sieves * patterns * texts * 9 / 10);
}

TEST(Sieve, ServesManyThreadsAtATime) {
    const Sifted sifted({"/Urgent/", "/critical/i", "/down/u"});
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&sifted] {
            for (int j = 0; j < 200; ++j) EXPECT_EQ(sifted.named("CRITICAL: all is down"), 2);
        });
    for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace mailrota::policy
