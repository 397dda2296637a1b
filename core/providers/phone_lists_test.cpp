// What the provider tells of calls and messages when it is asked.
#include <gmock/gmock.h>

#include "core/providers/phone_fixture.h"

namespace mailrota::providers {
namespace {

using policy::Contact;
using Way = Contact::Way;
using testing::IsEmpty;

constexpr std::chrono::sys_seconds leap_noon{std::chrono::seconds{1'709'208'000}};

TEST(PhoneLists, AFetchedCallTellsItsState) {
    const auto news = Telephone::read_fetched(
        Way::call,
        answered(200, R"({"sid":"CA1","status":"completed","duration":"12","answered_by":"human"})"));
    ASSERT_TRUE(news);
    EXPECT_EQ(news->provider_id, "CA1");
    EXPECT_EQ(news->status, "completed");
    EXPECT_EQ(news->answered_by, "human");
    EXPECT_EQ(news->sequence, -1);
    const auto sms = Telephone::read_fetched(
        Way::sms,
        answered(200, R"({"sid":"SM1","status":"undelivered","error_code":30006,"error_message":"x"})"));
    EXPECT_EQ(sms->code, 30006);
    EXPECT_EQ(sms->words, "x");
}

TEST(PhoneLists, WhetherItHelpsToAskAgainIsTold) {
    for (const auto& answer :
         {answered(500), answered(503), error_answer(429, 20429), answered(200, "<html>"), answered(200, ""),
          answered(200, R"({"sid":"CA1"})"), answered(200, R"({"status":"ringing"})")}) {
        const auto news = Telephone::read_fetched(Way::call, answer);
        ASSERT_FALSE(news) << answer.status;
        EXPECT_EQ(news.error().kind, ErrorKind::unavailable) << answer.status;
    }
    for (const auto& answer : {error_answer(401, 20003), error_answer(404, 20404), answered(302)}) {
        const auto news = Telephone::read_fetched(Way::call, answer);
        ASSERT_FALSE(news) << answer.status;
        EXPECT_EQ(news.error().kind, ErrorKind::invalid) << answer.status;
    }
}

TEST(PhoneLists, CallsThatWereSentAreListed) {
    const auto calls = Telephone::read_list(
        Way::call,
        answered(200, R"({"calls":[{"sid":"CA2","status":"queued","from":"+15550100","to":"+15550123",
            "date_created":"Thu, 29 Feb 2024 12:00:00 +0000","start_time":null},
            {"status":"no sid"},null,17,{"sid":"CA1","status":"completed"}],"page_size":1000})"));
    ASSERT_TRUE(calls);
    ASSERT_EQ(calls->size(), 2U);
    EXPECT_EQ(calls->front().provider_id, "CA2");
    EXPECT_EQ(calls->front().status, "queued");
    EXPECT_EQ(calls->front().from, "+15550100");
    EXPECT_EQ(calls->front().to, "+15550123");
    EXPECT_EQ(calls->front().created, leap_noon);
    EXPECT_EQ(calls->back().created, std::chrono::sys_seconds{});
    EXPECT_EQ(Telephone::read_list(Way::sms, answered(200, R"({"messages":[{"sid":"SM1"}]})"))->size(), 1U);
}

// An empty list would say that nothing was sent, and let a second call go out.
TEST(PhoneLists, AListThatCannotBeReadIsNotAnEmptyOne) {
    EXPECT_THAT(*Telephone::read_list(Way::call, answered(200, R"({"calls":[]})")), IsEmpty());
    for (const char* body :
         {"", "{}", "[]", "<html>", R"({"calls":{}})", R"({"calls":[)", R"({"messages":[]})"})
        EXPECT_FALSE(Telephone::read_list(Way::call, answered(200, body))) << body;
    EXPECT_FALSE(Telephone::read_list(Way::call, answered(500, R"({"calls":[]})")));
    EXPECT_FALSE(Telephone::read_received(answered(201, R"({"messages":[]})")));
}

TEST(PhoneLists, OnlyWhatCameInIsReceived) {
    const auto messages = Telephone::read_received(answered(200, R"({"messages":[
        {"sid":"SM3","direction":"inbound","from":"+15550123","to":"+15550100","body":"ack 17\n> quoted",
         "date_sent":"Thu, 29 Feb 2024 12:00:00 +0000"},
        {"sid":"SM2","direction":"outbound-api","body":"Reply 1 17"},
        {"sid":"SM1","direction":"inbound","body":null,"date_created":"Thu, 29 Feb 2024 12:00:00 +0000"}]})"));
    ASSERT_TRUE(messages);
    ASSERT_EQ(messages->size(), 2U);
    EXPECT_EQ(messages->front().id, "SM3");
    EXPECT_EQ(messages->front().from, "+15550123");
    EXPECT_EQ(messages->front().to, "+15550100");
    EXPECT_EQ(messages->front().body, "ack 17\n> quoted");
    EXPECT_EQ(messages->front().sent, leap_noon);
    EXPECT_EQ(messages->back().body, "");
    EXPECT_EQ(messages->back().sent, leap_noon);
}

TEST(PhoneLists, ALongListIsReadUpToItsLimit) {
    std::string body = R"({"calls":[)";
    for (int at = 0; at < 3'000; ++at) body += R"({"sid":"CA1","status":"busy"},)";
    body.back() = ']';
    EXPECT_EQ(Telephone::read_list(Way::call, answered(200, body + "}"))->size(), 1000U);
}

}  // namespace
}  // namespace mailrota::providers
