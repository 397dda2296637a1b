#include <gtest/gtest.h>

#include "core/wire/base64.h"
#include "core/wire/xtext.h"

namespace mailrota::wire {
namespace {

using namespace std::string_literals;

TEST(Base64, DecodesWithItsPadding) {
    EXPECT_EQ(decode_base64(""), "");
    EXPECT_EQ(decode_base64("YQ=="), "a");
    EXPECT_EQ(decode_base64("YWI="), "ab");
    EXPECT_EQ(decode_base64("YWJj"), "abc");
    EXPECT_EQ(decode_base64("AP/+"), "\0\xFF\xFE"s);
}

TEST(Base64, RefusesAllElse) {
    for (const std::string_view text :
         {"Y", "YQ", "YQ=", "Y===", "====", "YQ==YQ==", "YW J", "YW\r\n", "YW-_", "=YWJ"})
        EXPECT_EQ(decode_base64(text), std::nullopt) << text;
}

TEST(Xtext, Decodes) {
    EXPECT_EQ(decode_xtext("a+2Bb+3d=c"), "a+b==c");
    EXPECT_EQ(decode_xtext("+C3+A4\xC3\xA4"), "\xC3\xA4\xC3\xA4");
    EXPECT_EQ(decode_xtext(""), "");
    EXPECT_EQ(to_xtext(std::string_view("a+b=c d\0\x7f\xc3", 10)), "a+2Bb+3Dc+20d+00+7F+C3");
}

TEST(Xtext, RefusesAllElse) {
    for (const std::string_view text : {"+", "+2", "a+2", "+xy", "+2x", "+-1", "a b", "a\tb", "\x7F"})
        EXPECT_EQ(decode_xtext(text), std::nullopt) << text;
}

}  // namespace
}  // namespace mailrota::wire
