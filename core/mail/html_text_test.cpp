#include "core/mail/html_text.h"

#include <gtest/gtest.h>

#include "core/mail/text_encoding.h"

namespace mailrota::mail {
namespace {

struct Case {
    std::string html, text;
};

class ReadHtml : public testing::TestWithParam<Case> {};

TEST_P(ReadHtml, GivesTheWords) {
    EXPECT_EQ(html_text(GetParam().html).utf8, GetParam().text);
    EXPECT_FALSE(html_text(GetParam().html).truncated);
}

INSTANTIATE_TEST_SUITE_P(
    HtmlText, ReadHtml,
    testing::Values(
        Case{"", ""}, Case{"words", "words\n"}, Case{"<p>one</p><p>two</p>", "one\ntwo\n"},
        Case{"<p>one\n  two<br>three", "one two\nthree\n"}, Case{"a<br><br>b", "a\n\nb\n"},
        Case{"<b>bo</b>ld &amp; &eacute;&#8364;&nbsp;x", "bold & \xC3\xA9\xE2\x82\xAC\xC2\xA0x\n"},
        Case{"<html><head><title>t</title><style>p{}</style></head><body>x<script>if (a<b) "
             "x=\"\"</script>y</body></html>",
             "xy\n"},
        Case{"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n"},
        Case{"<pre>a\n  b</pre>", "a\nb\n"}, Case{"<!-- no -->yes", "yes\n"},
        Case{"<ul><li>a<li>b</ul>", "a\nb\n"},
        Case{"\xC3\xA9<meta charset=koi8-r>\xC3\xA9", "\xC3\xA9\xC3\xA9\n"},
        Case{"<p>unclosed <b>bold <i>both", "unclosed bold both\n"}, Case{"a < b", "a < b\n"},
        Case{"<meta http-equiv=Content-Type content='text/html; charset=iso-8859-1'><p>\xE2\x82\xAC",
             "\xE2\x82\xAC\n"}));

TEST(HtmlText, StopsInTheDeep) {
    std::string html = "before";
    for (int i = 0; i < 100000; ++i) {
        html += "<div>";
    }
    const HtmlText text = html_text(html + "after");
    EXPECT_EQ(text.utf8, "before\n");
    EXPECT_TRUE(text.truncated);
}

TEST(HtmlText, BearsAsManyAttributesAsThereMayBe) {
    std::string html = "<a ";
    for (int i = 0; i < 300000; ++i) {
        html += "b" + std::to_string(i) + " ";
    }
    EXPECT_EQ(html_text(html + ">words</a>").utf8, "words\n");
}

TEST(HtmlText, EndsWhereThereAreTooManyNames) {
    for (const std::string piece :
         {"<tag#/>", "</tag#>", "&entity#;", "<?tag#?>", "<b a#==1>x</b>", "<!DOCTYPE tag#>"}) {
        std::string html = "words";
        for (int i = 0; i < 9000; ++i) {
            html += piece;
            html.replace(html.rfind('#'), 1, std::to_string(i));
        }
        const auto text = html_text(html + "<custom>never read");
        EXPECT_TRUE(text.truncated) << piece;
        EXPECT_TRUE(text.utf8.starts_with("words")) << piece;
        EXPECT_EQ(text.utf8.find("never"), std::string::npos) << piece;
    }
}

TEST(HtmlText, BearsClosingTagsOfNothing) {
    std::string html = "words";
    for (int i = 0; i < 250; ++i) {
        html += "<b>";
    }
    for (int i = 0; i < 300000; ++i) {
        html += "</i>";
    }
    EXPECT_EQ(html_text(html).utf8, "words\n");
}

TEST(HtmlText, IsUtf8WhateverTheEntities) {
    for (const char* html :
         {"&#0;", "&#xD800;", "&#xFFFFFFFF;", "&#x110000;", "&bogus;", "&#;", "&", "<", "</", "<!", "<!--"}) {
        EXPECT_TRUE(is_utf8(html_text(html).utf8)) << html;
    }
    EXPECT_TRUE(is_utf8(html_text(std::string("a\0b", 3)).utf8));
}

}  // namespace
}  // namespace mailrota::mail
