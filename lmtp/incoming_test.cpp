#include "lmtp/incoming.h"

#include <gmock/gmock.h>

#include "core/mail/offer.h"

namespace mailrota::lmtp {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Incoming incoming(const std::string& bytes, const std::string& offer, const std::string& header = "") {
    wire::MessageReceived received;
    received.envelope.sender = mail::Address::from_envelope("<ann@example.com>");
    received.queue_id = "4XyZ";
    received.bytes = bytes;
    Arrival arrival;
    arrival.offer = offer;
    arrival.received_header = header;
    return make_incoming(std::move(received), std::move(arrival));
}

TEST(Incoming, IsFoundAgainByItsReceivedOrMessageId) {
    for (const char* text :
         {"Received: by a; today\r\n\r\nhi\r\n", "Message-ID: <1@example.com>\r\n\r\nhi\r\n"}) {
        EXPECT_EQ(incoming(text, "s.1").mail_id, incoming(text, "s.2").mail_id);
        EXPECT_EQ(incoming(text, "s.1").mail.key, incoming(text, "s.2").mail.key);
        EXPECT_TRUE(incoming(text, "s.1").mail.key.repeatable);
    }
}

TEST(Incoming, IsNewAtEachOfferWithoutBoth) {
    const char* text = "Subject: hi\r\n\r\nhi\r\n";
    EXPECT_NE(incoming(text, "s.1").mail_id, incoming(text, "s.2").mail_id);
    EXPECT_NE(incoming(text, "s.1").mail.key.hex, incoming(text, "s.2").mail.key.hex);
    EXPECT_FALSE(incoming(text, "s.1").mail.key.repeatable);
}

TEST(Incoming, KeepsItsTurnsWhenTheMtaMadeTheMessageId) {
    const char* text = "Received: by a id 4XyZ\r\nMessage-ID: <20261120.4XyZ@mta.example.com>\r\n\r\nhi\r\n";
    EXPECT_EQ(incoming(text, "s.1").mail.key, incoming(text, "s.2").mail.key);
    EXPECT_TRUE(incoming(text, "s.1").mail.key.repeatable);
}

TEST(Incoming, OurReceivedStandsInFrontAndCountsForNothing) {
    const std::string text = "Message-ID: <1@example.com>\r\n\r\nhi\r\n";
    const auto first = incoming(text, "s.1", "Received: by us; first\r\n");
    const auto second = incoming(text, "s.2", "Received: by us; second\r\n");
    EXPECT_EQ(first.mail.message.bytes(), "Received: by us; first\r\n" + text);
    EXPECT_EQ(first.received, 0U);
    EXPECT_EQ(first.mail_id, second.mail_id);
    EXPECT_EQ(first.mail_id, mail::mail_id(first.mail.envelope.sender, text));
}

TEST(ReceivedHeader, SaysFromWhomHowAndWhen) {
    mail::Envelope envelope;
    auto& client = envelope.client;
    client.ip = "192.0.2.7";
    client.helo = "host.example.com";
    const std::chrono::sys_seconds at{std::chrono::seconds{1'795'168'800}};
    EXPECT_EQ(
        received_header(envelope, {}, "mx.example.com", "abc.1", at),
        "Received: from host.example.com ([192.0.2.7])\r\n\tby mx.example.com with ESMTP id abc.1;\r\n\t"
        "Fri, 20 Nov 2026 10:00:00 +0000\r\n");
    client.ip = "2001:db8::1";
    EXPECT_THAT(received_header(envelope, {}, "mx", "1", at), HasSubstr("([IPv6:2001:db8::1])"));
}

TEST(ReceivedHeader, NamesTheProtocol) {
    mail::Envelope envelope;
    const auto protocol = [&envelope](Greeting greeting) {
        const auto header = received_header(envelope, greeting, "mx", "1", {});
        const auto begin = header.find(" with ") + 6;
        return header.substr(begin, header.find(" id ") - begin);
    };
    EXPECT_EQ(protocol({false, false}), "SMTP");
    EXPECT_EQ(protocol({true, false}), "ESMTP");
    EXPECT_EQ(protocol({true, true}), "ESMTPS");
    envelope.client.auth_user = "ann";
    EXPECT_EQ(protocol({true, true}), "ESMTPSA");
    envelope.sender_parameters = {"BODY=8BITMIME", "SmtpUtf8"};
    EXPECT_EQ(protocol({true, true}), "UTF8SMTPSA");
    EXPECT_EQ(protocol({false, false}), "SMTP");
}

TEST(ReceivedHeader, HasNothingThatAClientCouldBreakItWith) {
    mail::Envelope envelope;
    envelope.client.helo = "a\r\nSubject: b(c\\)\xff" + std::string(1000, 'x');
    const auto header = received_header(envelope, {}, "mx", "1", {});
    EXPECT_THAT(header, StartsWith("Received: from aSubject:bcxxx"));
    EXPECT_THAT(header, Not(HasSubstr("\nSubject")));
    EXPECT_LT(header.size(), 500U);
    EXPECT_THAT(received_header({}, {}, "mx", "1", {}), StartsWith("Received: from unknown (local)\r\n"));
}

}  // namespace
}  // namespace mailrota::lmtp
