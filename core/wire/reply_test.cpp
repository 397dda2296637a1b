#include "core/wire/reply.h"

#include <gtest/gtest.h>

namespace mailrota::wire {
namespace {

using namespace std::string_literals;

TEST(Reply, IsSentWithItsCodesOnEveryLine) {
    EXPECT_EQ(to_wire({250, "2.0.0", "ok"}), "250 2.0.0 ok\r\n");
    EXPECT_EQ(to_wire({250, "", "ok"}), "250 ok\r\n");
    EXPECT_EQ(to_wire({550, "5.1.1", "no\nsuch\nuser"}),
              "550-5.1.1 no\r\n550-5.1.1 such\r\n550 5.1.1 user\r\n");
    EXPECT_EQ(to_wire({250, "2.0.0", ""}), "250 2.0.0 \r\n");
}

TEST(Reply, SendsNothingThatCouldBreakALine) {
    EXPECT_EQ(to_wire({550, "5.0.0", "a\rb\0c\td\x7F\xC3\xA4"s}), "550 5.0.0 a b c d ??\r\n");
    const std::string longest = to_wire({550, "5.0.0", std::string(2000, 'x')});
    EXPECT_EQ(longest.size(), 512U);
    EXPECT_TRUE(longest.ends_with("x\r\n"));
}

TEST(Reply, IsOneLineInLogs) {
    EXPECT_EQ(to_line({550, "5.1.1", "no\nsuch user"}), "550 5.1.1 no such user");
    EXPECT_EQ(to_line({354, "", "go"}), "354 go");
}

TEST(Reply, IsReadBackFromALine) {
    for (const Reply& reply :
         {Reply{550, "5.1.1", "no such user"}, Reply{250, "", "ok"}, Reply{451, "4.123.456", ""}})
        EXPECT_EQ(from_line(to_line(reply)), reply);
    EXPECT_EQ(from_line("250"), (Reply{250, "", ""}));
    EXPECT_EQ(from_line("250-more"), (Reply{250, "", "more"}));
}

TEST(Reply, OnlyARealEnhancedCodeIsOne) {
    for (const std::string text :
         {"3.1.1 x", "5.1 x", "5..11 x", "5.1.1. x", "5.1.1.1 x", "5.1.1234 x", "55.1.1 x", "5.1.a x"})
        EXPECT_EQ(from_line("550 " + text), (Reply{550, "", text}));
}

TEST(Reply, WithoutACodeThereIsNone) {
    for (const std::string_view line : {"", "25", "abc", "2500 x", "150 x", "650 x", "+OK", "25x", "250x"})
        EXPECT_EQ(from_line(line), std::nullopt) << line;
}

TEST(Reply, HasAClass) {
    EXPECT_TRUE(is_success({250, "", ""}));
    EXPECT_TRUE(is_temporary({421, "", ""}));
    EXPECT_TRUE(is_permanent({554, "", ""}));
    EXPECT_FALSE(is_success({354, "", ""}));
}

}  // namespace
}  // namespace mailrota::wire
