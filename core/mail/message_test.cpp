#include "core/mail/message.h"

#include <gmock/gmock.h>

#include <thread>

namespace mailrota::mail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Message, OfNothingIsEmpty) {
    for (const Message& message : {Message(), Message::from_bytes(""), Message::from_parts({}, "")}) {
        EXPECT_THAT(message.headers(), IsEmpty());
        EXPECT_EQ(message.subject(), "");
        EXPECT_EQ(message.body(), "");
        EXPECT_EQ(message.text().utf8, "");
        EXPECT_FALSE(message.text().truncated);
        EXPECT_THAT(message.attachments(), IsEmpty());
        EXPECT_EQ(message.size(), 2U);
    }
}

TEST(Message, SplitsHeaderAndBody) {
    for (const char* bytes : {"A: 1\r\nB: 2\r\n\r\nbody\r\n", "A: 1\nB: 2\n\nbody\r\n"}) {
        const Message message = Message::from_bytes(bytes);
        EXPECT_THAT(message.headers(), ElementsAre(HeaderField{"A", "1"}, HeaderField{"B", "2"}));
        EXPECT_EQ(message.body(), "body\r\n");
    }
}

TEST(Message, EndsTheHeaderWhereALineIsNoField) {
    EXPECT_EQ(Message::from_bytes("A: 1\nno field\n\nbody").body(), "no field\n\nbody");
    EXPECT_EQ(Message::from_bytes("just text\n").body(), "just text\n");
    EXPECT_EQ(Message::from_bytes("just text\n").text().utf8, "just text\n");
    EXPECT_EQ(Message::from_bytes(": x\nbody").body(), ": x\nbody");
    EXPECT_EQ(Message::from_bytes("\nA: 1\n").body(), "A: 1\n");
    EXPECT_EQ(Message::from_bytes("\nA: 1\n").headers().size(), 0U);
}

TEST(Message, MayBeAllHeader) {
    const Message message = Message::from_bytes("A: 1\nB: 2");
    EXPECT_THAT(message.headers(), SizeIs(2));
    EXPECT_EQ(message.body(), "");
    EXPECT_EQ(message.text().utf8, "");
}

TEST(Message, KeepsRawValuesAndTheirOrder) {
    const Message message =
        Message::from_bytes("X-A: one\r\n\ttwo\r\nReceived : b\r\nx-a:  three\r\nX-A:\r\n\r\n");
    EXPECT_EQ(message.raw_header("x-A"), "one\r\n\ttwo");
    EXPECT_THAT(message.header("X-a"), ElementsAre("one\ttwo", "three", ""));
    EXPECT_THAT(message.header("received"), ElementsAre("b"));
    EXPECT_THAT(message.header("absent"), IsEmpty());
    EXPECT_EQ(message.raw_header("absent"), "");
}

TEST(Message, FromPartsIsTheSameAsFromBytes) {
    const std::string body = "--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--\r\n";
    const std::string type = "multipart/mixed; boundary=b";
    const Message parts = Message::from_parts({{"Subject", "x"}, {"Content-Type", type}}, body);
    const Message bytes = Message::from_bytes("Subject: x\r\nContent-Type: " + type + "\r\n\r\n" + body);
    EXPECT_EQ(parts.headers(), bytes.headers());
    EXPECT_EQ(parts.body(), bytes.body());
    EXPECT_EQ(parts.text().utf8, "hello\n");
    EXPECT_EQ(bytes.text().utf8, "hello\n");
    EXPECT_EQ(parts.size(), bytes.size());
}

TEST(Message, CountsBytesAsTransmitted) {
    const std::string crlf = "A: 1\r\nB: 2\r\n\tthree\r\n\r\nbody\r\n";
    EXPECT_EQ(Message::from_bytes(crlf).size(), crlf.size());
    EXPECT_EQ(Message::from_bytes("A: 1\nB: 2\n\tthree\n\nbody\r\n").size(), crlf.size());
    EXPECT_EQ(Message::from_parts({{"A", "1"}, {"B", "2\n\tthree"}}, "body\r\n").size(), crlf.size());
}

TEST(Message, KeepsNulAndCarriageReturnsInHeaders) {
    const std::string value("a\0b\rc", 5);
    const Message message = Message::from_bytes("X: " + value + "\nY: 2\n\n");
    EXPECT_EQ(message.raw_header("X"), value);
    EXPECT_THAT(message.header("X"), ElementsAre("a bc"));
    EXPECT_THAT(message.header("Y"), ElementsAre("2"));
}

TEST(Message, FindsHeadersAmongTenThousand) {
    std::vector<HeaderField> headers(10000, HeaderField{"X-Filler", "=?utf-8?q?filler?="});
    headers.push_back({"Subject", "found"});
    const Message message = Message::from_parts(headers, "body");
    EXPECT_EQ(message.subject(), "found");
    EXPECT_THAT(message.header("x-filler"), SizeIs(10000));
    EXPECT_EQ(message.text().utf8, "body\n");
}

TEST(Message, CopiesShareTheirBytes) {
    const Message message = Message::from_parts({}, "some body that is too long for a short string");
    const Message copy = message;
    EXPECT_EQ(copy.body().data(), message.body().data());
    EXPECT_EQ(&copy.text(), &message.text());
}

TEST(Message, MayBeAskedFromManyThreadsAtOnce) {
    const Message message = Message::from_bytes(
        "Subject: =?koi8-r?b?8NLJ18XU?=\nContent-Type: text/html; "
        "charset=koi8-r\n\n<p>\xF0\xD2\xC9\xD7\xC5\xD4</p>");
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([message] {
            EXPECT_EQ(message.text().utf8, "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82\n");
            EXPECT_EQ(message.subject(), "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82");
            EXPECT_THAT(message.attachments(), IsEmpty());
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

}  // namespace
}  // namespace mailrota::mail
