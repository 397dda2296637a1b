#include "tests/fakes/message_play.h"

#include <boost/json/array.hpp>

#include "tests/fakes/twilio_fixture.h"

namespace mailrota::fakes {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

class MessagePlayTest : public TwilioTest {
  protected:
    MessagePointer send(const Fields& more = {}) {
        Fields form = {{"To", somebody}, {"Body", "Alert"}};
        form.insert(form.end(), more.begin(), more.end());
        if (!find_field(form, "MessagingServiceSid")) form.emplace_back("From", ourselves);
        const auto reply = request("POST", "Messages.json", form);
        EXPECT_EQ(reply.status, 201) << reply.body;
        return exchange().find_message(text_at(body_of(reply), "sid"));
    }
};

const Fields with_status = {{"StatusCallback", "https://mail.example.com/sms/status"}};

TEST_F(MessagePlayTest, AMessageIsSentAndDelivered) {
    const auto message = send(with_status);
    EXPECT_EQ(message->status, "queued");
    run();
    EXPECT_EQ(message->status, "delivered");
    EXPECT_THAT(sent("/sms/status", "MessageStatus"), ElementsAre("sent", "delivered"));
    EXPECT_THAT(sent("/sms/status", "MessageSid"), ElementsAre(message->sid, message->sid));
}

TEST_F(MessagePlayTest, AMessageFailsWithItsCode) {
    exchange().account().scripts[somebody].sms = {"undelivered", 30003, false};
    const auto message = send(with_status);
    run();
    EXPECT_THAT(sent("/sms/status", "MessageStatus"), ElementsAre("sent", "undelivered"));
    EXPECT_THAT(sent("/sms/status", "ErrorCode"), ElementsAre("none", "30003"));
    const auto fetched = body_of(request("GET", "Messages/" + message->sid + ".json", {}));
    EXPECT_EQ(fetched.at("error_code").to_number<int>(), 30003);
    EXPECT_TRUE(fetched.at("num_segments").is_string());
}

TEST_F(MessagePlayTest, OnlyWhatWasNotSentCanBeCancelled) {
    exchange().account().scripts[somebody].sms.hold = true;
    const auto held = send(with_status);
    run_until([&] { return held->nap != nullptr; });
    EXPECT_EQ(request("POST", "Messages/" + held->sid + ".json", {{"Status", "canceled"}}).status, 200);
    run();
    EXPECT_EQ(held->status, "canceled");
    exchange().account().scripts.clear();
    const auto gone = send();
    run();
    EXPECT_EQ(code_of(request("POST", "Messages/" + gone->sid + ".json", {{"Status", "canceled"}})), 30409);
    request("POST", "Messages/" + gone->sid + ".json", {{"Body", ""}});
    EXPECT_EQ(gone->body, "");
}

TEST_F(MessagePlayTest, AServicesMessageIsAcceptedWithoutASender) {
    const auto reply =
        request("POST", "Messages.json",
                {{"To", somebody}, {"Body", "x"}, {"MessagingServiceSid", "MG" + std::string(32, '0')}});
    EXPECT_EQ(text_at(body_of(reply), "status"), "accepted");
    EXPECT_TRUE(body_of(reply).at("from").is_null());
    run();
}

TEST_F(MessagePlayTest, WhatComesInIsListedAndTold) {
    exchange().account().sms_url = "https://mail.example.com/sms";
    page("/sms", "<Response><Message>Thanks</Message></Response>");
    send();
    exchange().receive_message(somebody, ourselves, "ack 17");
    run();
    EXPECT_THAT(sent("/sms", "Body"), ElementsAre("ack 17"));
    EXPECT_THAT(sent("/sms", "SmsStatus"), ElementsAre("received"));
    const auto listed = body_of(request("GET", "Messages.json", {{"To", ourselves}}));
    ASSERT_THAT(listed.at("messages").as_array(), SizeIs(1));
    EXPECT_EQ(text_at(listed.at("messages").at(0).as_object(), "direction"), "inbound");
    EXPECT_EQ(exchange().messages().back()->body, "Thanks");
    EXPECT_EQ(exchange().messages().back()->direction, "outbound-reply");
}

TEST_F(MessagePlayTest, NobodyIsWrittenToAfterStop) {
    const Fields form = {{"To", somebody}, {"From", ourselves}, {"Body", "x"}};
    exchange().receive_message(somebody, ourselves, " Stop ");
    EXPECT_EQ(code_of(request("POST", "Messages.json", form)), 21610);
    exchange().receive_message(somebody, ourselves, "START");
    EXPECT_EQ(request("POST", "Messages.json", form).status, 201);
}

TEST(SegmentsTest, AreCountedByAlphabet) {
    EXPECT_EQ(segments_of(std::string(160, 'a')), 1);
    EXPECT_EQ(segments_of(std::string(161, 'a')), 2);
    EXPECT_EQ(segments_of(std::string(307, 'a')), 3);
    EXPECT_EQ(segments_of("\xC5\x82" + std::string(69, 'a')), 1);
    EXPECT_EQ(segments_of("\xC5\x82" + std::string(70, 'a')), 2);
}

}  // namespace
}  // namespace mailrota::fakes
