// Webhooks' bodies may be anything: what is no event costs no other, and nothing grows beyond its limit.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "core/mail/text_encoding.h"
#include "core/providers/hook_event.h"
#include "core/providers/hook_fixture.h"
#include "core/providers/hook_pieces.h"

namespace mailrota::providers {
namespace {

using Kind = config::ProviderSettings::Kind;
using mail::MailEvent;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> elements_of(std::string_view text) {
    const auto elements = array_elements(text);
    if (!elements) return {"none"};
    return {elements->texts.begin(), elements->texts.end()};
}

TEST(HookPieces, ElementsStandAsTheyAre) {
    EXPECT_THAT(elements_of("[]"), IsEmpty());
    EXPECT_THAT(elements_of(" [ ] \r\n"), IsEmpty());
    EXPECT_THAT(elements_of(R"( [ {"a":[1,2]} ,"x,]\"" , 3 ])"),
                ElementsAre(R"({"a":[1,2]})", R"("x,]\"")", "3"));
    EXPECT_THAT(elements_of("[1,,2,]"), ElementsAre("1", "", "2", ""));
    EXPECT_THAT(elements_of(R"(["\\",1])"), ElementsAre(R"("\\")", "1"));
}

TEST(HookPieces, WhatIsNoArrayHasNoElements) {
    for (const char* text : {"", "[", "]", "{}", "[1", "[1]]", "[[1]", "[\"]", "[1]x", R"(["\"])", "[{]"})
        EXPECT_THAT(elements_of(text), ElementsAre("none")) << text;
}

TEST(HookPieces, MembersAreFoundByName) {
    const auto members = JsonMembers::of(R"({"a" : "x\u00e9\n", "b":{"a":1}, "a\"":2, "c":"1","c":"2"})");
    ASSERT_TRUE(members);
    EXPECT_EQ(members->text("a"), "x\xc3\xa9\n");
    EXPECT_EQ(members->value("b"), R"({"a":1})");
    EXPECT_EQ(members->text("c"), "2");
    EXPECT_EQ(members->text("b"), "");
    EXPECT_EQ(members->value("d"), "");
    for (const char* text : {"", "{", "[]", "{1}", "{\"a\"}", "{a:1}", "{\"a\":1", R"({"a":"\ud800"})"}) {
        const auto broken = JsonMembers::of(text);
        EXPECT_TRUE(!broken || broken->text("a").empty()) << text;
    }
}

TEST(HookPieces, FormsAreDecoded) {
    EXPECT_THAT(form_fields("a=1+2&b=%41%zz&c&=d&&e=f=g%"),
                ElementsAre(testing::Pair("a", "1 2"), testing::Pair("b", "A%zz"), testing::Pair("c", ""),
                            testing::Pair("", "d"), testing::Pair("e", "f=g%")));
}

TEST(HookLimits, OneMalformedAndOneUnknownEventCostNoOther) {
    const auto news =
        make_webhook(Kind::sendgrid)
            ->parse(post(
                R"([{"event":"delivered","sg_event_id":"1"},{"event":broken},{"event":"brandnew","sg_event_id":"2"},7,null,)"
                R"({"no":"event"},{"event":"open","sg_event_id":"3"}])"));
    ASSERT_TRUE(news);
    EXPECT_THAT(news->events, ElementsAre(testing::Field(&MailEvent::type, MailEvent::Type::delivered),
                                          testing::Field(&MailEvent::type, MailEvent::Type::unknown),
                                          testing::Field(&MailEvent::type, MailEvent::Type::opened)));
    EXPECT_EQ(news->events[1].native, "brandnew");
    EXPECT_EQ(news->unreadable, 4U);
}

TEST(HookLimits, ABodyThatIsNoBatchIsAnError) {
    for (const Kind kind : {Kind::sendgrid, Kind::sparkpost, Kind::mandrill, Kind::postmark, Kind::resend,
                            Kind::mailgun, Kind::ses})
        for (const char* body : {"", "{", "[{]", "mandrill_events=%5B", "null", "\xff\xfe"}) {
            const auto news = make_webhook(kind)->parse(post(body));
            EXPECT_TRUE(!news || (news->events.empty() && news->unreadable == 0)) << body;
        }
}

TEST(HookLimits, NoMoreThanTenThousandEventsAreRead) {
    std::string body = "[{\"event\":\"open\"}";
    for (int i = 0; i < 10'004; ++i) body += ",{\"event\":\"open\"}";
    const auto news = make_webhook(Kind::sendgrid)->parse(post(body + "]"));
    ASSERT_TRUE(news);
    EXPECT_THAT(news->events, SizeIs(10'000));
    EXPECT_EQ(news->unreadable, 5U);
}

TEST(HookLimits, DeeplyNestedElementsAreUnreadable) {
    const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
    const auto news = make_webhook(Kind::sendgrid)
                          ->parse(post(R"([{"event":"open","x":)" + deep + R"(},{"event":"click"}])"));
    ASSERT_TRUE(news);
    EXPECT_THAT(news->events, SizeIs(1));
    EXPECT_EQ(news->unreadable, 1U);
}

TEST(HookLimits, EveryStringIsBoundedAndCleanUtf8) {
    const std::string long_word(60'000, 'x');
    std::string many = "{\"event\":\"bounce\",\"sg_event_id\":\"" + long_word + "\"";
    for (const char* key : {"email", "reason", "sg_message_id", "url", "useragent"})
        many += ",\"" + std::string(key) + R"(":"\u0000\u001f\u0085é)" + long_word + "\"";
    for (int i = 0; i < 200; ++i)
        many += ",\"m" + std::to_string(i) + "\":\"" + long_word.substr(0, 3'000) + "\"";
    many += ",\"category\":[";
    for (int i = 0; i < 200; ++i) many += "\"" + long_word.substr(0, 300) + "\",";
    const auto news = make_webhook(Kind::sendgrid)->parse(post("[" + many + "1]}]"));
    ASSERT_TRUE(news);
    ASSERT_THAT(news->events, SizeIs(1));
    const MailEvent& event = news->events[0];
    for (const std::string& text : {event.id, event.recipient, event.mta_response, event.message_id,
                                    event.click_url, event.user_agent, event.raw}) {
        EXPECT_TRUE(mail::is_utf8(text));
        EXPECT_EQ(text.find_first_of(std::string_view("\0\n\r\x1f", 4)), std::string::npos);
        EXPECT_FALSE(text.empty());
    }
    EXPECT_THAT(event.id, SizeIs(32));
    EXPECT_LE(event.recipient.size(), 1'000U);
    EXPECT_LE(event.click_url.size(), 4'000U);
    EXPECT_LE(event.raw.size(), longest_raw);
    EXPECT_TRUE(boost::json::parse(event.raw).is_string());
    EXPECT_LE(event.tags.size(), 50U);
    EXPECT_LE(event.metadata.size(), 50U);
}

TEST(HookLimits, BytesThatAreNoUtf8AreUnreadable) {
    const auto news = make_webhook(Kind::sendgrid)
                          ->parse(post("[{\"event\":\"open\",\"email\":\"\xff\"},{\"event\":\"open\"}]"));
    ASSERT_TRUE(news);
    EXPECT_THAT(news->events, SizeIs(1));
    EXPECT_EQ(news->unreadable, 1U);
}

TEST(HookLimits, ALongEventIsKeptFromItsBeginning) {
    const std::string json = R"({"a":")" + std::string(longest_raw, '"') + "é";
    const std::string raw = kept_raw(json);
    EXPECT_LE(raw.size(), longest_raw);
    const auto text = boost::json::parse(raw).as_string();
    EXPECT_EQ(json.substr(0, text.size()), std::string_view(text.data(), text.size()));
    EXPECT_EQ(kept_raw("{\n\t\"a\": 1\r\n}"), "{  \"a\": 1  }");
}

TEST(HookLimits, EventsOfManyRecipientsAreBounded) {
    std::string destination = "\"a0@example.com\"";
    for (int i = 1; i < 3'000; ++i) destination += ",\"a" + std::to_string(i) + "@example.com\"";
    const std::string event = R"({"eventType":"Send","mail":{"destination":[)" + destination + "]}}";
    const boost::json::object envelope{{"Type", "Notification"}, {"MessageId", "n"}, {"Message", event}};
    const auto news = make_webhook(Kind::ses)->parse(post(boost::json::serialize(envelope)));
    ASSERT_TRUE(news);
    EXPECT_THAT(news->events, SizeIs(1'000));
}

}  // namespace
}  // namespace mailrota::providers
