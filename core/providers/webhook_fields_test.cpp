// What the events of each provider carry besides their meaning.
#include <gmock/gmock.h>

#include "core/providers/hook_fixture.h"

namespace mailrota::providers {
namespace {

using Kind = config::ProviderSettings::Kind;
using mail::MailEvent;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

const std::string our_id = "0123456789abcdef0123456789abcdef";

TEST(WebhookFields, OfSendgridAreAllThere) {
    const std::string element =
        R"({"email":"ann@example.com","timestamp":1700000000,"event":"bounce","type":"bounce",)"
        R"("sg_event_id":"e1","sg_message_id":"abc.def.filter0001.1.2-3","status":"5.1.1",)"
        R"("reason":"550 5.1.1 User\r\nnot found","category":"one","order":"7","mailrota_id":")" +
        our_id + R"("})";
    MailEvent event = only(read(Kind::sendgrid, "[ " + element + " ]\r\n"));
    EXPECT_EQ(event.at, at(1700000000));
    EXPECT_EQ(event.id, "e1");
    EXPECT_EQ(event.attempt, our_id);
    EXPECT_EQ(event.message_id, "abc.def");
    EXPECT_EQ(event.recipient, "ann@example.com");
    EXPECT_EQ(event.mta_response, "550 5.1.1 User  not found");
    EXPECT_THAT(event.tags, ElementsAre("one"));
    EXPECT_THAT(event.metadata, ElementsAre(Pair("order", "7")));
    EXPECT_EQ(event.raw, element);
    event =
        only(read(Kind::sendgrid, R"([{"event":"click","category":["a","b"],"url":"https://example.com/?a=1",
                      "email":"ann@example.com","useragent":"Browser/1","mailrota_id":"not one of ours"}])"));
    EXPECT_EQ(event.recipient, "ann@example.com");
    EXPECT_EQ(event.click_url, "https://example.com/?a=1");
    EXPECT_EQ(event.user_agent, "Browser/1");
    EXPECT_THAT(event.tags, ElementsAre("a", "b"));
    EXPECT_THAT(event.attempt, IsEmpty());
    EXPECT_THAT(event.id, SizeIs(32));
}

TEST(WebhookFields, OfMailgunAreAllThere) {
    const std::string data =
        R"("event":"failed","severity":"permanent","id":"day-only","timestamp":1700000000.123456,)"
        R"("recipient":"ann@example.com","message":{"headers":{"message-id":"m1@example.com"}},"tags":["t"],)"
        R"("user-variables":{"mailrota_id":")" +
        our_id +
        R"(","order":7},"reason":"bounce","url":"https://example.com/","client-info":{"user-agent":"B/1"},)"
        R"("delivery-status":{"code":550,"enhanced-code":"5.1.1","message":"User not found","description":"d"})";
    const MailEvent event = only(read(Kind::mailgun, mailgun(data)));
    EXPECT_EQ(event.id, "t1");
    EXPECT_EQ(event.at, at(1700000000));
    EXPECT_EQ(event.attempt, our_id);
    EXPECT_EQ(event.message_id, "m1@example.com");
    EXPECT_EQ(event.mta_response, "550 5.1.1 User not found");
    EXPECT_EQ(event.description, "d");
    EXPECT_EQ(event.native, "failed/permanent");
    EXPECT_EQ(event.click_url, "https://example.com/");
    EXPECT_EQ(event.user_agent, "B/1");
    EXPECT_THAT(event.tags, ElementsAre("t"));
    EXPECT_THAT(event.metadata, ElementsAre(Pair("order", "7")));
    EXPECT_EQ(event.raw, "{" + data + "}");
    const auto to = [](const std::string& header) {
        const std::string rejected = R"("event":"rejected","message":{"headers":{"to":")" + header + R"("}})";
        return only(read(Kind::mailgun, mailgun(rejected))).recipient;
    };
    EXPECT_EQ(to("Ann <ann@example.com>"), "ann@example.com");
    EXPECT_EQ(to("ann@example.com"), "ann@example.com");
    EXPECT_EQ(to("ann@example.com, bob@example.com"), "");
}

TEST(WebhookFields, OfMailgunsOldFormAreAllThere) {
    const auto form = [](const std::string& fields) {
        return "recipient=ann%40example.com&timestamp=1&Message-Id=%3Cm1%40example.com%3E&" + fields +
               "&timestamp=1700000000&token=t9&signature=s";
    };
    const MailEvent event =
        only(read(Kind::mailgun, form("event=clicked&url=https%3A%2F%2Fexample.com&mailrota_id=" + our_id)));
    EXPECT_EQ(event.at, at(1700000000));
    EXPECT_EQ(event.id, "t9");
    EXPECT_EQ(event.attempt, our_id);
    EXPECT_EQ(event.recipient, "ann@example.com");
    EXPECT_EQ(event.message_id, "m1@example.com");
    EXPECT_EQ(event.click_url, "https://example.com");
    EXPECT_NO_THROW(boost::json::parse(event.raw));
}

TEST(WebhookFields, OfMandrillAreAllThere) {
    const std::string body = form_of(
        R"([{"event":"hard_bounce","_id":"a1","ts":1700000000,"url":"https://example.com/","user_agent":"B/1",)"
        R"("msg":{"_id":"a1","email":"ann@example.com","tags":["t"],"metadata":{"mailrota_id":")" +
        our_id +
        R"(","order":"7"},"diag":"smtp;550 5.1.1 User not found","bounce_description":"bad_mailbox"}}])");
    const MailEvent event = only(read(Kind::mandrill, body));
    EXPECT_EQ(event.attempt, our_id);
    EXPECT_EQ(event.message_id, "a1");
    EXPECT_EQ(event.recipient, "ann@example.com");
    EXPECT_EQ(event.at, at(1700000000));
    EXPECT_EQ(event.mta_response, "550 5.1.1 User not found");
    EXPECT_EQ(event.description, "bad_mailbox");
    EXPECT_EQ(event.click_url, "https://example.com/");
    EXPECT_EQ(event.user_agent, "B/1");
    EXPECT_THAT(event.tags, ElementsAre("t"));
    EXPECT_THAT(event.metadata, ElementsAre(Pair("order", "7")));
    EXPECT_EQ(only(read(Kind::mandrill, body)).id, event.id);
    std::string later = body;
    later.replace(later.find("1700000000"), 10, "1700000001");
    EXPECT_NE(only(read(Kind::mandrill, later)).id, event.id);
}

TEST(WebhookFields, OfPostmarkAreAllThere) {
    MailEvent event = only(read(
        Kind::postmark,
        R"({"RecordType":"Bounce","ID":4323372036854775807,"Type":"HardBounce","Tag":"t","MessageID":"m1",)"
        R"("Description":"The server was unable to deliver","Details":"550 5.1.1 User not found",)"
        R"("Email":"ann@example.com","BouncedAt":"2023-11-14T23:13:20.1234567+01:00","Metadata":{"mailrota_id":")" +
            our_id + R"(","order":"7"}})"));
    EXPECT_EQ(event.id, "Bounce/4323372036854775807");
    EXPECT_EQ(event.attempt, our_id);
    EXPECT_EQ(event.at, at(1700000000));
    EXPECT_EQ(event.message_id, "m1");
    EXPECT_EQ(event.recipient, "ann@example.com");
    EXPECT_EQ(event.mta_response, "550 5.1.1 User not found");
    EXPECT_EQ(event.description, "The server was unable to deliver");
    EXPECT_EQ(event.native, "Bounce/HardBounce");
    EXPECT_THAT(event.tags, ElementsAre("t"));
    EXPECT_THAT(event.metadata, ElementsAre(Pair("order", "7")));
    event =
        only(read(Kind::postmark, R"({"RecordType":"Click","Recipient":"ann@example.com","UserAgent":"B/1",
        "OriginalLink":"https://example.com/","MessageID":"m1","ReceivedAt":"2023-11-14T22:13:20Z"})"));
    EXPECT_EQ(event.recipient, "ann@example.com");
    EXPECT_EQ(event.click_url, "https://example.com/");
    EXPECT_EQ(event.user_agent, "B/1");
    EXPECT_EQ(event.at, at(1700000000));
    EXPECT_THAT(event.id, SizeIs(32));
}

TEST(WebhookFields, OfSesFanOutToEachRecipient) {
    const std::string bounce =
        R"({"eventType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"General",)"
        R"("timestamp":"2023-11-14T22:13:20.000Z","bouncedRecipients":[)"
        R"({"emailAddress":"ann@example.com","diagnosticCode":"smtp; 550 5.1.1 User not found"},)"
        R"({"emailAddress":"bob@example.com"}]},"mail":{"messageId":"m1","destination":["a","b","c"],)"
        R"("tags":{"ses:from-domain":["example.com"],"mailrota_id":[")" +
        our_id + R"("]}}})";
    const auto events = read(Kind::ses, sns_of(bounce)).events;
    ASSERT_THAT(events, SizeIs(2));
    EXPECT_EQ(events[0].recipient, "ann@example.com");
    EXPECT_EQ(events[0].mta_response, "550 5.1.1 User not found");
    EXPECT_EQ(events[1].recipient, "bob@example.com");
    EXPECT_EQ(events[1].mta_response, "");
    EXPECT_EQ(events[0].id, "n1");
    EXPECT_NE(events[1].id, "n1");
    for (const auto& event : events) {
        EXPECT_EQ(event.attempt, our_id);
        EXPECT_EQ(event.message_id, "m1");
        EXPECT_EQ(event.at, at(1700000000));
        EXPECT_EQ(event.native, "Bounce/Permanent");
        EXPECT_EQ(event.description, "Permanent: General");
        EXPECT_THAT(event.metadata, ElementsAre(Pair("ses:from-domain", "example.com")));
        EXPECT_EQ(event.raw, bounce);
    }
}

TEST(WebhookFields, OfSesAreOfNobodyWhereItIsNotSaid) {
    const auto click = [](const std::string& destination) {
        return read(Kind::ses, sns_of(R"({"eventType":"Click","click":{"link":"https://example.com/",
            "userAgent":"B/1"},"mail":{"destination":)" +
                                      destination + "}}"))
            .events;
    };
    const auto one = click(R"(["ann@example.com"])");
    ASSERT_THAT(one, SizeIs(1));
    EXPECT_EQ(one[0].recipient, "ann@example.com");
    EXPECT_EQ(one[0].click_url, "https://example.com/");
    EXPECT_EQ(one[0].user_agent, "B/1");
    const auto two = click(R"(["ann@example.com","bob@example.com"])");
    ASSERT_THAT(two, SizeIs(1));
    EXPECT_EQ(two[0].recipient, "");
}

TEST(WebhookFields, OfSparkpostAreAllThere) {
    const MailEvent event = only(read(
        Kind::sparkpost,
        R"([{"msys":{"track_event":{"type":"click","event_id":"e1","timestamp":"1700000000","transmission_id":"m1",)"
        R"("rcpt_to":"ann@example.com","raw_rcpt_to":"Ann@example.com","target_link_url":"https://example.com/",)"
        R"("user_agent":"B/1","rcpt_tags":["t"],"campaign_id":"c","raw_reason":"550 5.1.1 User not found",)"
        R"("reason":"550 User ...","rcpt_meta":{"mailrota_id":")" +
            our_id + R"(","order":"7"}}}}])"));
    EXPECT_EQ(event.id, "e1");
    EXPECT_EQ(event.attempt, our_id);
    EXPECT_EQ(event.at, at(1700000000));
    EXPECT_EQ(event.message_id, "m1");
    EXPECT_EQ(event.recipient, "Ann@example.com");
    EXPECT_EQ(event.click_url, "https://example.com/");
    EXPECT_EQ(event.user_agent, "B/1");
    EXPECT_EQ(event.mta_response, "550 5.1.1 User not found");
    EXPECT_THAT(event.tags, ElementsAre("t", "c"));
    EXPECT_THAT(event.metadata, ElementsAre(Pair("order", "7")));
}

TEST(WebhookFields, OfResendAreAllThere) {
    const auto clicked = [](const std::string& to, const std::string& tags) {
        return only(read(
            Kind::resend,
            R"({"type":"email.clicked","created_at":"2023-11-14T22:13:20.5Z","data":{"email_id":"m1","to":)" +
                to +
                R"(,"created_at":"2020-01-01T00:00:00Z","click":{"link":"https://example.com/","userAgent":"B/1"},"tags":)" +
                tags + "}}",
            {{"svix-id", "msg_1"}}));
    };
    for (const auto& tags :
         {R"({"mailrota_id":")" + our_id + R"(","order":"7"})",
          R"([{"name":"mailrota_id","value":")" + our_id + R"("},{"name":"order","value":"7"}])"}) {
        const MailEvent event = clicked(R"(["ann@example.com"])", tags);
        EXPECT_EQ(event.id, "msg_1");
        EXPECT_EQ(event.attempt, our_id);
        EXPECT_EQ(event.at, at(1700000000));
        EXPECT_EQ(event.message_id, "m1");
        EXPECT_EQ(event.recipient, "ann@example.com");
        EXPECT_EQ(event.click_url, "https://example.com/");
        EXPECT_EQ(event.user_agent, "B/1");
        EXPECT_THAT(event.metadata, ElementsAre(Pair("order", "7")));
    }
    EXPECT_EQ(clicked(R"(["ann@example.com","bob@example.com"])", "[]").recipient, "");
}

TEST(WebhookFields, OurIdIsKnownUnderBothSpellingsAndOnlyIfItIsOne) {
    const auto attempt = [](const std::string& metadata) {
        return only(read(Kind::postmark, R"({"RecordType":"Open","Metadata":)" + metadata + "}")).attempt;
    };
    EXPECT_EQ(attempt(R"({"mailrota-id":")" + our_id + "\"}"), our_id);
    EXPECT_EQ(attempt(R"({"Mailrota_ID":"0123456789ABCDEF0123456789abcdef"})"), our_id);
    EXPECT_EQ(attempt(R"({"mailrota_id":"0123456789abcdef0123456789abcde"})"), "");
    EXPECT_EQ(attempt(R"({"mailrota_id":"0123456789abcdef0123456789abcdeg"})"), "");
    EXPECT_EQ(attempt(R"({"other":")" + our_id + "\"}"), "");
    EXPECT_EQ(attempt("[]"), "");
}

}  // namespace
}  // namespace mailrota::providers
