#include <gtest/gtest.h>

#include "core/policy/pattern.h"

namespace mailrota::policy {
namespace {

TEST(Glob, StarsAndQuestionMarks) {
    struct Case {
        const char* glob;
        const char* subject;
        bool yes;
    };
    const Case cases[] = {
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "anything\nat all", true},
        {"?", "", false},
        {"?", "a", true},
        {"?", "ab", false},
        {"*@Example.com", "Ann@example.COM", true},
        {"*@example.com", "ann@example.org", false},
        {"orders+*@example.com", "orders+a+b@example.com", true},
        {"a*b*c", "a-b-b-c", true},
        {"a*b*c", "a-b-b-", false},
        {"a**", "a", true},
        {"\\*", "*", true},
        {"\\*", "a", false},
        {"a\\?*", "a?b", true},
        {"\\", "\\", true},
        {"?", "\xE2\x82\xAC", true},
        {"*??", "\xE2\x82\xAC", false},
        {"??",
         "\xC3\xA4"
         "b",
         true},
        {"?", "\xFF", true},
        {"\xC3\xA4*", "\xC3\x84", false},
    };
    for (const auto& c : cases)
        EXPECT_EQ(glob_match(c.glob, c.subject), c.yes) << c.glob << " on " << c.subject;
}

TEST(Glob, ManyStarsOnALongSubjectEnd) {
    std::string glob;
    for (int i = 0; i < 50; ++i) glob += "a*";
    EXPECT_FALSE(glob_match(glob + "b", std::string(20'000, 'a')));
}

}  // namespace
}  // namespace mailrota::policy
