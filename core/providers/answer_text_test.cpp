// What every dialect reads answers with: words made safe, JSON that may be anything, delays in each style.
#include "core/providers/answer_text.h"

#include <gmock/gmock.h>

#include <boost/json/array.hpp>

#include "core/mail/text_encoding.h"
#include "core/providers/base64.h"

namespace mailrota::providers {
namespace {

using namespace std::chrono_literals;
using Kind = RecipientAnswer::Kind;

HttpAnswer limited(std::vector<std::pair<std::string, std::string>> headers) { return {429, headers, ""}; }

TEST(AnswerText, WordsAreOneLineOfBoundedUtf8) {
    EXPECT_EQ(clean_words(" a\r\nb\t\tc\x01 \xE9 \x7f"), "a b c \xC3\xA9");
    EXPECT_EQ(clean_words(std::string("x\0y", 3)), "x y");
    EXPECT_EQ(clean_words(" \r\n "), "");
    std::string wide;
    for (int i = 0; i < 5000; ++i) wide += "\xE2\x82\xAC";
    EXPECT_LE(clean_words(wide).size(), longest_answer_words);
    EXPECT_TRUE(clean_words(" x" + wide).starts_with("x\xE2\x82\xAC"));
    EXPECT_TRUE(mail::is_utf8(clean_words(wide)));
}

TEST(AnswerText, JsonThatIsNoneIsNothing) {
    EXPECT_TRUE(read_json(R"({"a":[1,"b"]})"));
    for (const char* text : {"", "{", "<html>", "{} {}", "{\"a\":\"\xFF\"}", "nul"}) {
        EXPECT_FALSE(read_json(text)) << text;
    }
    EXPECT_TRUE(read_json(std::string(30, '[') + std::string(30, ']')));
    EXPECT_FALSE(read_json(std::string(100'000, '[')));
    EXPECT_FALSE(read_json("\"" + std::string(longest_answer_json, 'a') + "\""));
}

TEST(AnswerText, MembersOfTheWrongTypeAreAbsent) {
    const auto value = *read_json(R"({"text":"t","number":7,"array":[1]})");
    EXPECT_EQ(text_member(value, "text"), "t");
    EXPECT_EQ(text_member(value, "number"), "");
    EXPECT_EQ(number_member(value, "number"), 7);
    EXPECT_EQ(number_member(value, "text"), std::nullopt);
    EXPECT_EQ(array_member(value, "array")->size(), 1U);
    EXPECT_EQ(array_member(value, "none"), nullptr);
    EXPECT_EQ(member(*read_json("[]"), "text"), nullptr);
}

TEST(AnswerText, StatusAloneTellsTheKind) {
    const std::vector<std::pair<int, Kind>> table{
        {429, Kind::temporary},        {401, Kind::configuration},   {402, Kind::configuration},
        {403, Kind::configuration},    {404, Kind::configuration},   {405, Kind::configuration},
        {415, Kind::configuration},    {302, Kind::configuration},   {413, Kind::bad_message_here},
        {400, Kind::bad_message_here}, {408, Kind::uncertain},       {500, Kind::uncertain},
        {503, Kind::uncertain},        {504, Kind::uncertain},       {200, Kind::uncertain},
        {0, Kind::uncertain},          {418, Kind::bad_message_here}};
    for (const auto& [status, kind] : table) EXPECT_EQ(kind_of_status(status), kind) << status;
}

TEST(AnswerText, AnAnswerWithoutMeaningTellsItsStatusToAll) {
    Outgoing mail;
    mail.recipients = {"a@example.com", "b@example.com"};
    const Answer page = answer_by_status(mail, {502, {}, "<html><body>secret</body></html>"});
    ASSERT_EQ(page.recipients.size(), 2U);
    EXPECT_EQ(page.recipients[1].kind, Kind::uncertain);
    EXPECT_EQ(page.recipients[1].words, "HTTP status 502 with an HTML page");
    EXPECT_EQ(answer_by_status(mail, {401, {}, "Forbidden\n"}).recipients[0].words,
              "HTTP status 401: Forbidden");
    EXPECT_EQ(answer_by_status(mail, {401, {}, "{}"}, "no such key").recipients[0].words, "no such key");
}

TEST(AnswerText, DelaysAreReadInEachStyle) {
    const std::pair<std::string, std::string> date{"Date", "Mon, 20 Dec 2021 20:33:21 GMT"};
    EXPECT_EQ(wished_delay(limited({{"retry-after", " 120 "}})), 120s);
    EXPECT_EQ(wished_delay(limited({date, {"Retry-After", "Mon, 20 Dec 2021 20:34:21 GMT"}})), 60s);
    EXPECT_EQ(wished_delay(limited({date, {"X-RateLimit-Reset", "1640032431"}})), 30s);
    EXPECT_EQ(wished_delay(limited({{"X-RateLimit-Reset", "1640032431"}})), 0s);
    EXPECT_EQ(wished_delay(limited({date, {"Retry-After", "Mon, 20 Dec 2021 20:00:00 GMT"}})), 0s);
    EXPECT_EQ(wished_delay(limited({{"Retry-After", "999999999"}})), 24h);
    EXPECT_EQ(wished_delay(limited({{"Retry-After", "-5"}})), 0s);
    EXPECT_EQ(wished_delay(limited({})), 0s);
    EXPECT_EQ(wished_delay({200, {date, {"X-RateLimit-Reset", "1640032431"}}, ""}), 0s);
}

TEST(AnswerText, DatesThatAreNoneAreNothing) {
    EXPECT_EQ(read_date("Thu, 01 Jan 1970 00:01:00 UTC"), std::chrono::sys_seconds(60s));
    for (const char* text : {"", "now", "Mon, 31 Feb 2021 20:33:21 GMT", "Mon, 20 Dec 2021 25:33:21 GMT",
                             "Mon, 20 Dec 2021 20:33:21 EST", "Mon, 20 Dec 99999 20:33:21 GMT"}) {
        EXPECT_FALSE(read_date(text)) << text;
    }
}

TEST(Base64, EncodesWithPaddingAndWithoutLines) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("a"), "YQ==");
    EXPECT_EQ(base64("ab"), "YWI=");
    EXPECT_EQ(base64("abc\xFF"), "YWJj/w==");
    const std::string large = base64(std::string(4'000'000, 'a'));
    EXPECT_EQ(large.size(), 5'333'336U);
    EXPECT_EQ(large.find('\0'), std::string::npos);
    EXPECT_TRUE(large.ends_with("YWFhYQ=="));
}

}  // namespace
}  // namespace mailrota::providers
