#include "core/policy/template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/policy/safe_text.h"
#include "core/policy/sample.h"

namespace mailrota::policy {
namespace {

std::string filled(std::string_view text, const Captures& captures = {},
                   std::string bytes = "Subject: =?utf-8?q?M=C3=B6in?=\nX-Id: 7\nX-Id: 8\n\n") {
    auto mail = sample::mail({"orders@example.com", "ben@example.com"}, std::move(bytes));
    mail.envelope.client.ip = "192.0.2.1";
    const mail::Address* first = &mail.envelope.recipients[0].address;
    return fill_template(text, {mail.envelope, &mail.message, mail.queue_id, {&first, 1}, captures});
}

TEST(Template, NamesStandForValues) {
    EXPECT_EQ(filled("{sender} to {rcpt}"), "alice@example.com to orders@example.com");
    EXPECT_EQ(filled("[{queue_id}] {client}"), "[4XyZ] 192.0.2.1");
    EXPECT_EQ(filled("{subject} {header.x-id}"), "M\xC3\xB6in 7");
    EXPECT_EQ(filled("{ticket}.", {{"ticket", "4711"}}), "4711.");
    EXPECT_EQ(filled("{sender}", {{"sender", "mine"}}), "mine");
    EXPECT_EQ(filled("{nothing}{header.None}"), "");
    EXPECT_EQ(filled("{{{queue_id}}} }}"), "{4XyZ} }");
}

TEST(Template, RecipientsStandWithCommas) {
    const auto mail = sample::mail({"a@example.com", "b@example.com"});
    const std::vector<const mail::Address*> both = {&mail.envelope.recipients[0].address,
                                                    &mail.envelope.recipients[1].address};
    EXPECT_EQ(fill_template("{rcpt}", {mail.envelope, nullptr, {}, both, {}}),
              "a@example.com, b@example.com");
    EXPECT_EQ(fill_template("<{subject}>", {mail.envelope, nullptr, {}, both, {}}), "<>");
}

TEST(Template, ValuesBringNoLineBreaks) {
    EXPECT_EQ(filled("a\n{x}", {{"x", std::string("1\r\n2\0"
                                                  "3\x7F\xFF",
                                                  8)}}),
              "a\n1  2 3 ?");
}

TEST(Template, ErrorsSayWhere) {
    const std::vector<std::string> captures = {"ticket"};
    const auto error = [&](std::string_view text) {
        const auto checked = check_template(text, captures);
        return checked ? std::string("none") : checked.error().text;
    };
    EXPECT_EQ(error("{ticket} {sender} {rcpt} {subject} {header.X-Id} {client} {queue_id}"), "none");
    EXPECT_EQ(error("a{b"), "\"{\" at offset 1 is not closed; a brace itself is written {{");
    EXPECT_EQ(error("a}b"), "\"}\" at offset 1 closes nothing; a brace itself is written }}");
    EXPECT_EQ(error("a{}"), "{} at offset 1 is no name");
    EXPECT_EQ(error("{a b}"), "{a b} at offset 0 is no name");
    EXPECT_EQ(error("{header.}"), "{header.} at offset 0 is no name");
    EXPECT_EQ(error("{tikcet}"),
              "{tikcet} is not known here; there are {ticket} {sender} {rcpt} {subject} {client} {queue_id} "
              "{header.NAME}");
    EXPECT_EQ(filled("a{b"), "a{b");
}

TEST(SafeText, HeaderValuesAreOneLineOfUtf8AndBounded) {
    EXPECT_EQ(header_text("a\r\n b\tc\x01\xC2\x85"), "a   b c  ");
    EXPECT_EQ(header_text("\xC3\xA4\xC3(\xED\xA0\x80\xF5\xE2\x82"), "\xC3\xA4?(??????");
    const std::string euros = [] {
        std::string text;
        for (int i = 0; i < 3'000; ++i) text += "\xE2\x82\xAC";
        return text;
    }();
    EXPECT_EQ(header_text(euros).size(), 7'998u);
    EXPECT_EQ(header_text(std::string(9'000, 'x')).size(), header_value_most);
}

TEST(SafeText, RepliesAreShortLinesOfAscii) {
    EXPECT_EQ(reply_text("No \xE2\x82\xAC\r\nsecond\n"), "No ? \nsecond\n");
    EXPECT_EQ(reply_text(std::string(500, 'x') + "\ny"), std::string(400, 'x') + "\ny");
    const auto many = reply_text(std::string(100, '\n'));
    EXPECT_EQ(std::count(many.begin(), many.end(), '\n'), 31);
}

TEST(SafeText, QuotedIsCutBetweenCharacters) {
    EXPECT_EQ(quoted("a\nb"), "\"a b\"");
    EXPECT_EQ(quoted("a\xE2\x82\xAC", 2), "\"a…\"");
}

}  // namespace
}  // namespace mailrota::policy
