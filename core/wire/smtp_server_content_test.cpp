#include <gtest/gtest.h>

#include "core/wire/smtp_server_fixture.h"

namespace mailrota::wire {
namespace {

using namespace std::string_literals;

const std::string bare_reply = "550 5.6.11 bare CR or LF in the message\r\n";
const std::string too_big_reply = "552 5.3.4 message too big\r\n";

SmtpServerOwner with_recipients(int count, SmtpServerOptions options = {}) {
    const bool lmtp = options.protocol == SmtpServerOptions::Protocol::lmtp;
    SmtpServerOwner owner(std::move(options));
    owner.expect({{lmtp ? "LHLO me" : "EHLO me", "250 "}, {"MAIL FROM:<a@b>", "250 "}});
    for (int i = 0; i < count; ++i) owner.expect({{"RCPT TO:<x@y>", "250 "}});
    return owner;
}

SmtpServerOptions at_most(std::uint64_t size) {
    SmtpServerOptions options;
    options.max_size = size;
    return options;
}

TEST(SmtpServerContent, UnstuffsDotsAndKeepsAllElse) {
    auto owner = with_recipients(1);
    const std::string body = "A: b\r\n\r\n\r\nno dot\0here\xFF\r\n"s;
    owner.expect({{"DATA", "354 "}});
    EXPECT_EQ(owner.send(body + "..\r\n...x\r\n.y\r\nz.\r\n \r\n.\r\n"), "250 2.0.0 done 0\r\n");
    EXPECT_EQ(owner.messages.at(0).bytes, body + ".\r\n..x\r\ny\r\nz.\r\n \r\n");
    EXPECT_FALSE(owner.server.in_transaction());
}

TEST(SmtpServerContent, EsmtpHasOneReplyForAll) {
    auto owner = with_recipients(3, esmtp());
    owner.expect({{"DATA", "354 "}});
    EXPECT_EQ(owner.send("x\r\n.\r\n"), "250 2.0.0 done 0\r\n");
    EXPECT_EQ(owner.messages.at(0).envelope.recipients.size(), 3U);
    owner.expect({{"MAIL FROM:<a@b>", "250 "},
                  {"RCPT TO:<x@y>", "250 "},
                  {"RCPT TO:<x@y>", "250 "},
                  {"DATA", "354 "}});
    EXPECT_EQ(owner.send("x\n\r\n.\r\n"), bare_reply);
}

TEST(SmtpServerContent, L4DataWithoutRecipientsLeavesTheSessionUsable) {
    SmtpServerOwner owner;
    owner.refusals = {{"no@y", {550, "5.1.1", "no"}}};
    owner.expect({{"LHLO me", "250 "}});
    EXPECT_EQ(owner.send("MAIL FROM:<a@b>\r\nRCPT TO:<no@y>\r\nDATA\r\nRSET\r\nMAIL FROM:<a@b>\r\nRCPT "
                         "TO:<x@y>\r\nDATA\r\n"),
              "250 2.1.0 sender ok\r\n550 5.1.1 no\r\n503 5.5.1 no valid recipients\r\n250 2.0.0 ok\r\n"
              "250 2.1.0 sender ok\r\n250 2.1.5 recipient ok\r\n354 end data with <CR><LF>.<CR><LF>\r\n");
    EXPECT_EQ(owner.send("text\r\n.\r\n"), "250 2.0.0 done 0\r\n");
}

TEST(SmtpServerContent, L5NothingButCrLfDotCrLfEndsTheData) {
    for (const std::string trick :
         {"\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n", "\r\n.\r", "\n.\r", "\r.\r\n", "\r\r\n.\r\r\n"}) {
        auto owner = with_recipients(2);
        owner.expect({{"DATA", "354 "}});
        const std::string rest = "MAIL FROM:<evil@b>\r\nRCPT TO:<victim@y>\r\nDATA\r\nbad\r\n.\r\n";
        EXPECT_EQ(owner.send("text" + trick + rest), bare_reply + bare_reply) << trick;
        EXPECT_TRUE(owner.messages.empty());
        owner.expect({{"MAIL FROM:<a@b>", "250 "}});
    }
}

TEST(SmtpServerContent, L6TheDeclaredSizeIsAHint) {
    for (const std::string size : {"SIZE=1", "SIZE=4000", "SIZE=0"}) {
        SmtpServerOwner owner(at_most(5000));
        owner.expect({{"LHLO me", "250 "},
                      {"MAIL FROM:<a@b> " + size, "250 "},
                      {"RCPT TO:<x@y>", "250 "},
                      {"DATA", "354 "}});
        EXPECT_EQ(owner.send(std::string(4998, 'x') + "\r\n.\r\n"), "250 2.0.0 done 0\r\n");
        EXPECT_EQ(owner.messages.at(0).bytes.size(), 5000U);
    }
}

TEST(SmtpServerContent, L12TooManyBytesAreRefusedForEveryRecipient) {
    auto owner = with_recipients(3, at_most(1'000'000));
    owner.expect({{"DATA", "354 "}});
    const std::string block(100'000, 'x');
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(owner.send(block), "");
    EXPECT_EQ(owner.send("\r\n.\r\n"), too_big_reply + too_big_reply + too_big_reply);
    EXPECT_TRUE(owner.messages.empty());
    owner.expect({{"MAIL FROM:<a@b>", "250 "}});
}

TEST(SmtpServerContent, L12OneLineMayBeAllOfTheMessage) {
    auto owner = with_recipients(1);
    owner.expect({{"DATA", "354 "}});
    const std::string line = std::string(10'000'000, 'x') + "\r\n";
    EXPECT_EQ(owner.send(line + ".\r\n"), "250 2.0.0 done 0\r\n");
    EXPECT_EQ(owner.messages.at(0).bytes, line);
}

TEST(SmtpServerContent, NothingButChunksFollowsAChunk) {
    auto owner = with_recipients(2);
    EXPECT_EQ(owner.send("BDAT 0\r\n"), "250 2.0.0 chunk received\r\n");
    owner.expect({{"RCPT TO:<x@y>", "503 5.5.1"}, {"DATA", "503 5.5.1"}, {"MAIL FROM:<c@d>", "503 5.5.1"}});
    EXPECT_EQ(owner.send("bdat 0 last\r\n"), "250 2.0.0 done 0\r\n250 2.0.0 done 1\r\n");
    EXPECT_EQ(owner.messages.at(0).bytes, "");
}

TEST(SmtpServerContent, ChunksAreContentAsTheyAre) {
    auto owner = with_recipients(2);
    EXPECT_EQ(
        owner.send("BDAT 8\r\na\r\n.\r\nb\rBDAT 1\r\n\nBDAT 6 LAST\r\n..\0z\r\nNOOP\r\n"s),
        "250 2.0.0 chunk received\r\n250 2.0.0 chunk received\r\n250 2.0.0 done 0\r\n250 2.0.0 done 1\r\n"
        "250 2.0.0 ok\r\n");
    EXPECT_EQ(owner.messages.at(0).bytes, "a\r\n.\r\nb\r\n..\0z\r\n"s);
}

TEST(SmtpServerContent, BareLineEndsInChunksAreRefused) {
    for (const std::string body : {"a\nbc", "a\rbc", "abc\r", "\nabc", "a\r\r\n", "\r\n\n\r"}) {
        auto owner = with_recipients(1);
        EXPECT_EQ(owner.send("BDAT 4 LAST\r\n" + body + "NOOP\r\n"), bare_reply + "250 2.0.0 ok\r\n");
        EXPECT_TRUE(owner.messages.empty());
    }
}

TEST(SmtpServerContent, AFaultyChunkSpoilsTheTransaction) {
    auto owner = with_recipients(2, at_most(10));
    EXPECT_EQ(owner.send("BDAT 11\r\n01234567890BDAT 1\r\nxBDAT 1 LAST\r\nyNOOP\r\n"),
              too_big_reply + too_big_reply + too_big_reply + too_big_reply + "250 2.0.0 ok\r\n");
    owner.expect({{"MAIL FROM:<a@b>", "250 "}});
}

TEST(SmtpServerContent, ChunksWithoutRecipientsAreSwallowed) {
    SmtpServerOwner owner;
    owner.expect({{"LHLO me", "250 "}});
    EXPECT_EQ(
        owner.send(
            "BDAT 6\r\nQUIT\r\nMAIL FROM:<a@b>\r\nBDAT 6 LAST\r\nQUIT\r\nRCPT TO:<x@y>\r\nBDAT 1 LAST\r\nx"),
        "503 5.5.1 MAIL first\r\n250 2.1.0 sender ok\r\n503 5.5.1 no valid recipients\r\n"
        "250 2.1.5 recipient ok\r\n250 2.0.0 done 0\r\n");
}

TEST(SmtpServerContent, AChunkOfUnknownSizeEndsTheConnection) {
    for (const std::string size : {"", "x", "-1", "1 FIRST", "1 LAST now"}) {
        auto owner = with_recipients(1);
        owner.expect({{"BDAT " + size, "554 5.5.4"}});
        EXPECT_TRUE(owner.closed);
    }
}

TEST(SmtpServerContent, AResetBetweenChunksForgetsThem) {
    auto owner = with_recipients(1);
    EXPECT_EQ(owner.send("BDAT 3\r\noldRSET\r\nMAIL FROM:<a@b>\r\nRCPT TO:<x@y>\r\nBDAT 3 LAST\r\nnew"),
              "250 2.0.0 chunk received\r\n250 2.0.0 ok\r\n250 2.1.0 sender ok\r\n250 2.1.5 recipient ok\r\n"
              "250 2.0.0 done 0\r\n");
    EXPECT_EQ(owner.messages.at(0).bytes, "new");
}

}  // namespace
}  // namespace mailrota::wire
