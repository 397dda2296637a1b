#include <gtest/gtest.h>

#include "core/mail/classes_for_test.h"
#include "core/mail/line_class.h"

namespace mailrota::mail {
namespace {

std::string html_letters(const std::string& html, const TextHints& hints = answer()) {
    return letters(classify_html(html, hints));
}

const std::string header = "<p>From: Sam &lt;sam@example.com&gt;<br>Sent: 6 March 2017<br>Subject: x</p>";

TEST(ClassifyHtml, GmailsQuoteLetsAnswersBetweenItsBlockquotesBeNew) {
    EXPECT_EQ(
        html_letters("<div>New</div><div class=gmail_quote><div class=gmail_attr>On 6 Mar 2017 Sam Poe wrote:"
                     "</div><blockquote class=gmail_quote>old</blockquote><div>Answer</div>"
                     "<blockquote class=gmail_quote>old</blockquote></div>"),
        "NQQNQ");
    EXPECT_EQ(html_letters(
                  "<div>FYI</div><div class=gmail_quote><div class=gmail_attr>---------- Forwarded message "
                  "---------<br>From: Sam &lt;sam@example.com&gt;<br>Date: 6 Mar 2017<br>Subject: x</div>"
                  "<div>It broke</div></div>",
                  {}),
              "NFFFFF");
}

TEST(ClassifyHtml, OutlooksRuleHoldsForWhatFollows) {
    for (const std::string colour : {"#B5C4DF", "#E1E1E1"}) {
        EXPECT_EQ(
            html_letters("<div><p>New</p><div style='border:none;border-top:solid " + colour +
                         " 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p>Avsender: Sam</p></div><p>old</p></div>"),
            "NQQ");
        EXPECT_EQ(
            html_letters("<div><p>New</p><div><div style='border:none;border-top:solid " + colour +
                         " 1.0pt; padding:3.0pt 0in 0in 0in'>" + header + "</div></div><p>old</p></div>"),
            "NQQQQ");
    }
}

TEST(ClassifyHtml, KnowsElementsByName) {
    for (const std::string element :
         {"<div id=x_divRplyFwdMsg>", "<div id=appendonsend></div><div>", "<div class=yahoo_quoted>",
          "<div class=protonmail_quote>", "<blockquote type=cite>", "<div name=quote>",
          "<hr data-marker=__DIVIDER__><div>", "<span id=OLK_SRC_BODY_SECTION><div>",
          "<div class='ecxmoz-cite-prefix'>"})
        EXPECT_EQ(html_letters("<p>New</p>" + element + "<p>old</p></div>", {}), "NQ") << element;
    EXPECT_EQ(html_letters("<p>New</p><hr tabindex=-1><p>more</p>"), "NN");
    EXPECT_EQ(html_letters("<p>New</p><hr tabindex=-1>" + header + "<p>old</p>"), "NQQQQ");
}

TEST(ClassifyHtml, ABlockquoteMayBeAnybodys) {
    const std::string quote = "<p>Note</p><blockquote><p>one</p><p>two</p></blockquote><p>End</p>";
    EXPECT_EQ(html_letters(quote, machine()), "NNNN");
    EXPECT_EQ(html_letters(quote), "NQQN");
}

TEST(ClassifyHtml, TheTextRulesHoldWhereNoElementTells) {
    EXPECT_EQ(html_letters("<p>Note</p><p>-----Original Message-----</p>" + header + "<p>old</p>", machine()),
              "NQQQQQ");
    EXPECT_EQ(html_letters("<p>New</p><p>&gt; old<br>&gt; old</p>"), "NQQ");
}

TEST(ClassifyHtml, SignatureElementsAreSignaturesOfPersons) {
    const std::string mail = "<p>New</p><div class=gmail_signature>Sam<br>Example Ltd</div>";
    EXPECT_EQ(html_letters(mail), "NSS");
    EXPECT_EQ(html_letters(mail, machine()), "NNN");
}

TEST(ClassifyHtml, LosesNothingOfBrokenOrHostileDocuments) {
    EXPECT_EQ(html_letters("<p>New<div class=gmail_quote><blockquote>"), "N");
    std::string hostile = "<p>New</p>";
    for (int i = 0; i < 3000; ++i) hostile += "<hr tabindex=-1><div class=gmail_quote><p>x</div>";
    const auto text = classify_html(hostile, {});
    EXPECT_EQ(text.lines.size(), 3001U);
    EXPECT_EQ(text.lines.front().of, LineClass::fresh);
}

}  // namespace
}  // namespace mailrota::mail
