#include "core/mail/flowed_text.h"

#include <gtest/gtest.h>

namespace mailrota::mail {
namespace {

TEST(FlowedText, JoinsParagraphs) {
    EXPECT_EQ(unflow("one \ntwo \nthree\nfour\n", false), "one two three\nfour\n");
    EXPECT_EQ(unflow("", false), "");
    EXPECT_EQ(unflow("open ", false), "open \n");
    EXPECT_EQ(unflow("\n\n", false), "\n\n");
}

TEST(FlowedText, DropsTheStuffedBlankAndOnDemandTheLast) {
    EXPECT_EQ(unflow(" From me\n >not quoted\n", false), "From me\n>not quoted\n");
    EXPECT_EQ(unflow("hy \nphen\n", true), "hyphen\n");
}

TEST(FlowedText, KeepsQuotesApart) {
    EXPECT_EQ(unflow("> a \n> b\n>> c \n> d\ne\n", false), "> a b\n>> c \n> d\ne\n");
    EXPECT_EQ(unflow(">\n", false), "> \n");
}

TEST(FlowedText, LeavesTheSignatureMark) {
    EXPECT_EQ(unflow("text \n-- \nAnn\n", false), "text \n-- \nAnn\n");
}

}  // namespace
}  // namespace mailrota::mail
