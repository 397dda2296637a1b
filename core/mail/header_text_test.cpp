#include "core/mail/header_text.h"

#include <gtest/gtest.h>

#include "core/mail/text_encoding.h"

namespace mailrota::mail {
namespace {

struct Case {
    std::string raw, decoded;
};

class DecodeHeader : public testing::TestWithParam<Case> {};

TEST_P(DecodeHeader, ReadsAsAPersonDoes) { EXPECT_EQ(decode_header(GetParam().raw), GetParam().decoded); }

INSTANTIATE_TEST_SUITE_P(
    HeaderText, DecodeHeader,
    testing::Values(Case{"plain", "plain"}, Case{"", ""}, Case{" \t ", ""}, Case{"  trimmed \t", "trimmed"},
                    Case{"a\r\n b\n\tc", "a b\tc"}, Case{"=?utf-8?q?a?= =?utf-8?q?b?=", "ab"},
                    Case{"=?utf-8?B?w6k=?=\r\n =?utf-8?B?w6k=?=", "\xC3\xA9\xC3\xA9"},
                    Case{"=?utf-8?B?ww==?= =?UTF-8?b?qQ==?= x", "\xC3\xA9 x"},
                    Case{"=?utf-8?B?YQ==?= =?utf-8?B?Yg==?= =?utf-8?Q?c?= =?iso-8859-1?B?6Q==?=",
                         "abc\xC3\xA9"},
                    Case{"=?utf-8?b??\x3D =?utf-8?b?YQ==?=", "a"},
                    Case{"=?iso-8859-1?Q?caf=E9?= au lait", "caf\xC3\xA9 au lait"},
                    Case{"=?koi8-r?b?8NLJ18XU?=", "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82"},
                    Case{"=?utf-8*en?q?=C3=A9?=", "\xC3\xA9"}, Case{"=?UTF-8?Q?a_b?=", "a b"},
                    Case{"=?bogus?q?a=E9?=", "a\xC3\xA9"}, Case{"=?utf-8?q?open", "=?utf-8?q?open"},
                    Case{"=?", "=?"}, Case{"a =?x?= b", "a =?x?= b"}, Case{"caf\xE9", "caf\xC3\xA9"},
                    Case{"caf\xC3\xA9", "caf\xC3\xA9"}, Case{"\x80 5", "\xE2\x82\xAC 5"},
                    Case{"=?utf-8?q?one=0D=0ABcc:_two?=", "one  Bcc: two"},
                    Case{std::string("a\0b", 3), "a b"}));

TEST(HeaderText, IsUtf8WhateverTheBytes) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        all += c;
        EXPECT_TRUE(is_utf8(decode_header(std::string("a") + c + "b"))) << byte;
        EXPECT_TRUE(is_utf8(decode_header(std::string("=?utf-8?q?a") + c + "b?="))) << byte;
    }
    EXPECT_TRUE(is_utf8(decode_header(all)));
    EXPECT_TRUE(is_utf8(decode_header("=?utf-8?b?gICA/w==?= =?utf-7?q?+2AA-?= =?utf-16?b?2AA=?=")));
}

TEST(HeaderText, NamesAreComparedWithoutCase) {
    EXPECT_TRUE(same_name("Message-ID", "message-id"));
    EXPECT_FALSE(same_name("Message-ID", "Message-I"));
    EXPECT_FALSE(same_name("a", "b"));
    EXPECT_TRUE(same_name("", ""));
}

}  // namespace
}  // namespace mailrota::mail
