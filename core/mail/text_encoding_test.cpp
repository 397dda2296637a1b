#include "core/mail/text_encoding.h"

#include <gtest/gtest.h>

namespace mailrota::mail {
namespace {

using namespace std::string_literals;

TEST(TextEncoding, KnowsWellFormedUtf8) {
    for (const std::string& good : {""s, "a"s, "\xC3\xA9"s, "\xE2\x82\xAC"s, "\xF0\x9F\x98\x80"s, "a\0b"s}) {
        EXPECT_TRUE(is_utf8(good));
    }
    for (const std::string& bad :
         {"\x80"s, "\xC3"s, "\xC0\x80"s, "\xED\xA0\x80"s, "\xF4\x90\x80\x80"s, "a\0\xFF"s}) {
        EXPECT_FALSE(is_utf8(bad));
    }
}

TEST(TextEncoding, ReadsCharsets) {
    EXPECT_EQ(to_utf8("ISO-8859-1", "caf\xE9"), "caf\xC3\xA9");
    EXPECT_EQ(to_utf8("windows-1252", "\x80\x81"), "\xE2\x82\xAC\xC2\x81");
    EXPECT_EQ(to_utf8("koi8-r", "\xF0"), "\xD0\x9F");
    EXPECT_EQ(to_utf8("utf-16", "\xFF\xFE\xE9\0"s), "\xC3\xA9");
    EXPECT_EQ(to_utf8("utf-16", "\0\xE9"s), "\xC3\xA9");
    EXPECT_EQ(to_utf8("utf-16le", "\xE9\0"s), "\xC3\xA9");
    EXPECT_EQ(to_utf8("iso-2022-jp", "\x1B$B$\"\x1B(B"), "\xE3\x81\x82");
    EXPECT_EQ(to_utf8("utf-8",
                      "a\xFF"
                      "b"),
              "a\xEF\xBF\xBD"
              "b");
    EXPECT_EQ(to_utf8("big5", "a\xFF"), "a\xEF\xBF\xBD");
}

TEST(TextEncoding, GuessesWhereNothingIsTold) {
    for (const char* charset : {"", "us-ascii", "x-unknown", "none such", "//TRANSLIT", "utf-8//IGNORE//"}) {
        EXPECT_EQ(to_utf8(charset, "\xC3\xA9"), "\xC3\xA9") << charset;
    }
    for (const char* charset : {"", "us-ascii", "x-unknown"}) {
        EXPECT_EQ(to_utf8(charset, "\x80\xE9"), "\xE2\x82\xAC\xC3\xA9") << charset;
    }
}

TEST(TextEncoding, IsAlwaysUtf8) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) {
        all += static_cast<char>(byte);
    }
    for (const char* charset :
         {"", "utf-8", "utf-7", "utf-16", "utf-32", "iso-2022-kr", "hz-gb-2312", "gb18030", "big5", "cp037",
          "shift_jis", "x", "us-ascii", "koi8-u", "ucs-2", "unicode-1-1-utf-7"}) {
        EXPECT_TRUE(is_utf8(to_utf8(charset, all))) << charset;
        EXPECT_TRUE(is_utf8(to_utf8(charset, all + all.substr(0, 5)))) << charset;
    }
}

TEST(TextEncoding, CutsBetweenCharacters) {
    for (std::size_t limit = 0; limit < 8; ++limit) {
        std::string text = "a\xE2\x82\xAC\xC3\xA9";
        cut_utf8(text, limit);
        EXPECT_LE(text.size(), limit);
        EXPECT_TRUE(is_utf8(text));
    }
}

}  // namespace
}  // namespace mailrota::mail
