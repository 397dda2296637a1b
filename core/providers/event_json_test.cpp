#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "core/providers/hook_time.h"
#include "core/providers/webhook.h"

namespace mailrota::providers {
namespace {

using mail::MailEvent;
using testing::HasSubstr;
using testing::Not;

MailEvent full() {
    MailEvent event;
    event.type = MailEvent::Type::bounced;
    event.reason = MailEvent::Reason::invalid;
    event.soft = true;
    event.id = "e\"1";
    event.at = std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000));
    event.attempt = "0123456789abcdef0123456789abcdef";
    event.message_id = "<m1@example.com>";
    event.recipient = "ann@example.com";
    event.description = "two\nlines";
    event.mta_response = "550 5.1.1 User not found";
    event.click_url = "https://example.com/?a=1&b=é";
    event.user_agent = "Browser/1";
    event.native = "bounce/hard";
    event.tags = {"one", ""};
    event.metadata = {{"order", "7"}, {"empty", ""}};
    event.raw = R"({"event":"bounce", "n":1.50,"x":[1e2]})";
    return event;
}

TEST(EventJson, IsReadBackAsItWas) {
    MailEvent bare;
    bare.id = "1";
    MailEvent text = bare;
    text.raw = "\"only the beginning\"";
    for (const MailEvent& event : {full(), bare, text}) {
        const auto read = read_event(to_json(event));
        ASSERT_TRUE(read) << read.error().text;
        EXPECT_EQ(*read, event);
    }
}

TEST(EventJson, NamesAreThoseOfTheDocumentation) {
    const auto object = boost::json::parse(to_json(full())).as_object();
    EXPECT_EQ(object.at("event_type"), "bounced");
    EXPECT_EQ(object.at("timestamp"), "2023-11-14T22:13:20Z");
    EXPECT_EQ(object.at("reject_reason"), "invalid");
    EXPECT_EQ(object.at("soft"), true);
    for (const char* name : {"event_id", "attempt", "message_id", "recipient", "description", "mta_response",
                             "click_url", "user_agent", "native", "tags", "metadata", "esp_event"})
        EXPECT_TRUE(object.contains(name)) << name;
    EXPECT_EQ(object.size(), 16U);
}

TEST(EventJson, IsOneLineOfWellFormedJsonWhateverTheEventHolds) {
    MailEvent event = full();
    event.raw = "no JSON\n}";
    event.description = "\xff\xfe";
    event.metadata["\xff"] = "\xff";
    const std::string line = to_json(event);
    EXPECT_THAT(line, Not(HasSubstr("\n")));
    EXPECT_NO_THROW(boost::json::parse(line));
    EXPECT_EQ(boost::json::parse(line).at("esp_event"), "no JSON\n}");
}

TEST(EventJson, WhatIsNoEventIsAnError) {
    for (const char* text :
         {"", "[]", "{}", R"({"event_type":"sent","timestamp":"2023-11-14T22:13:20Z"})",
          R"({"event_type":"gone","timestamp":"2023-11-14T22:13:20Z","event_id":"1"})",
          R"({"event_type":"sent","timestamp":"yesterday","event_id":"1"})",
          R"({"event_type":"sent","timestamp":"2023-11-14T22:13:20Z","event_id":"1","reject_reason":"why"})"})
        EXPECT_FALSE(read_event(text)) << text;
}

TEST(HookTime, IsReadInEachForm) {
    for (const char* text : {"1700000000", "1700000000.75", "2023-11-14T22:13:20Z",
                             "2023-11-14T22:13:20.123Z", "2023-11-14T22:13:20.1234567+00:00",
                             "2023-11-15T00:13:20+0200", "2023-11-14 17:13:20-05", "2023-11-14T22:13:20"}) {
        const auto time = read_time(text);
        ASSERT_TRUE(time) << text;
        EXPECT_EQ(time->time_since_epoch().count(), 1'700'000'000) << text;
    }
    EXPECT_EQ(time_text(std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000))),
              "2023-11-14T22:13:20Z");
    EXPECT_EQ(time_text({}), "1970-01-01T00:00:00Z");
}

TEST(HookTime, IsNothingElse) {
    for (const char* text : {"", "now", "12", "1700000000x", "1700000000.", "99999999999999",
                             "2023-02-29T00:00:00Z", "2023-11-14", "2023-11-14T24:00:00Z", "2023-11-14T22:13",
                             "2023-11-14T22:13:20+1", "2023-11-14T22:13:20ZZ", "0001-01-01T00:00:00Z"})
        EXPECT_FALSE(read_time(text)) << text;
}

}  // namespace
}  // namespace mailrota::providers
