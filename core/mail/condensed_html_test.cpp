#include "core/mail/condensed_html.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "core/mail/html_text.h"
#include "core/mail/line_class.h"

namespace mailrota::mail {
namespace {

const std::string private_character = "\xF3\xB0\x80\x80";

TEST(CondensedHtml, HasOneMarkForARunOfText) {
    const std::string html = "<p>The disk of web-12 is full.</p><b>At once!</b>";
    const CondensedHtml condensed(html);
    ASSERT_TRUE(condensed.has_marks());
    EXPECT_EQ(condensed.html(), "<p>\xF3\xB0\x80\x80</p><b>\xF3\xB0\x80\x81</b>");
    EXPECT_EQ(condensed.run("\xF3\xB0\x80\x80</p>"), "The disk of web-12 is full.");
    EXPECT_EQ(condensed.run("\xF3\xB0\x80\x81"), "At once!");
    EXPECT_EQ(condensed.run("\xF3\xB0\x80\x82"), "");
    EXPECT_EQ(condensed.run(""), "");
}

TEST(CondensedHtml, KeepsTheAttributesThatAreAskedFor) {
    const std::string html =
        "<p class=MsoNormal style='color:red' title=\"a > b\" id=\"i\"><p style=\"border-top:solid\" dir=ltr>"
        "<meta charset=utf-8><br/>";
    EXPECT_EQ(CondensedHtml(html).html(),
              "<p class=MsoNormal id=\"i\"><p style=\"border-top:solid\"><meta charset=utf-8><br />");
}

TEST(CondensedHtml, LeavesTheRestAloneFromADoubtfulTagOn) {
    for (const std::string rest :
         {"<p title=\"no end>many words here", "<ann@example.com> many words", "< many words here",
          "<p a==b>many words here", "<!-- no end, many words", "<style>p{} many words", "<p\rb>many words",
          "<p style='x' style='border-top:solid'>many words"}) {
        const std::string html = "<b>Words as many as these</b>";
        EXPECT_EQ(CondensedHtml(html + rest).html(), "<b>" + private_character + "</b>" + rest);
    }
}

TEST(CondensedHtml, LeavesADocumentAloneInWhichMarksMayStand) {
    for (const std::string& html :
         {"<p>Words with a " + private_character, std::string("<p>&#983040; and many words"),
          std::string("<p>Many words &#xF0000;"), std::string("<p>Many words &#983040 there"),
          std::string("<p>Many words & others &#983040;"), std::string("<p>Many words < &#983040;"),
          std::string("<p>Many words \xF4\x80\x80\x80"), std::string("<p>Many words\0 here", 18)}) {
        const CondensedHtml condensed(html);
        EXPECT_FALSE(condensed.has_marks()) << html;
        EXPECT_EQ(condensed.html(), html);
    }
}

// Pieces of documents, good and bad.
constexpr std::array<std::string_view, 59> pieces = {
    "<p>",
    "</p>",
    "<div class=\"gmail_quote\">",
    "</div>",
    "<blockquote type=\"cite\">",
    "</blockquote>",
    "<br>",
    "<br/>",
    "<pre>",
    "</pre>",
    "<table><tr><td>",
    "</td></tr></table>",
    "<td>",
    "<ul><li>",
    "<li>",
    "</ul>",
    "<b>",
    "</b>",
    "<style>p { color: red }</style>",
    "<script>if (a < b) c('</p>');</script>",
    "<title>words of a title</title>",
    "<textarea>words in an area</textarea>",
    "<!-- a comment, with words -->",
    "<!--[if mso]><p>words for one client</p><![endif]-->",
    "<![if !mso]>",
    "<!DOCTYPE html>",
    "<?xml:namespace?>",
    "<o:p>",
    "</o:p>",
    "<a href=\"https://example.com/?a=1&b=2\" style='x'>",
    "</a>",
    "<hr tabindex=\"-1\">",
    "<p style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in\">",
    "<img alt=\"a > b\">",
    "<p class=x class=gmail_quote style='color:red'>",
    "<body>",
    "</body>",
    "<head>",
    "</head>",
    "</html>",
    "&amp;",
    "&nbsp;",
    "&eacute;",
    "&unknown;",
    "&#8364;",
    "&",
    "&lt",
    "<",
    "<p title=\"",
    "\"",
    "\t ",
    "\n\n",
    "From: Ann Example <b>",
    "On 6 March 2017, Ann wrote:",
    "Words enough to be a run of their own. ",
    "  more of them,\n  on two lines ",
    "x",
    "\x01 with a control \x7F",
    "\xC3\xA9t\xC3\xA9 et \xE2\x82\xAC \xF0\x9F\x98\x80 \xEF\xBF\xBE"};

// The comment keeps the one from being condensed.
void expect_unchanged(const std::string& html) {
    const auto condensed = classify_html("<!--x-->" + html, {});
    const auto whole = classify_html("<!--" + private_character + "-->" + html, {});
    EXPECT_EQ(condensed.utf8, whole.utf8) << html;
    EXPECT_EQ(condensed.lines, whole.lines) << html;
    EXPECT_EQ(condensed.truncated, whole.truncated) << html;
}

TEST(CondensedHtml, ChangesNothingOfDocumentsInDoubt) {
    const std::string text = "Server down, alarm critical";
    for (const std::string& html :
         {"<style></styleX><i r=\"</style>\">" + text, "<style><body p=\"</style>\">" + text,
          "<div><style></div><p t=\"</style>\">" + text, "<u id=gmail_signature />" + text,
          "<u id=moz-cite-prefix />" + text, "x<html tabindex=; r/>" + text,
          "<p/>;<head data-marker=a\n/>" + text, "<hr tabindex=-1 />From: Ann Example<br>" + text,
          text + "&#xE0067;&#983039; " + text, text + "<!\"&#xF0000\"> " + text, text + "<!DOCTYPE></e >",
          "<div style='bo&#114;der:none;border&#45;top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'>From: "
          "Ann "
          "Example<br>" +
              text})
        expect_unchanged(html);
}

TEST(CondensedHtml, ChangesNothingOfTextAndClasses) {
    std::mt19937 random(4711);
    for (int round = 0; round < 4000; ++round) {
        std::string html;
        for (auto left = random() % 16; left > 0; --left) html += pieces.at(random() % pieces.size());
        expect_unchanged(html);
        ASSERT_FALSE(HasFailure());
    }
}

}  // namespace
}  // namespace mailrota::mail
