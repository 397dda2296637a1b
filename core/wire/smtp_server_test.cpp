#include <gtest/gtest.h>

#include "core/wire/smtp_server_fixture.h"
#include "core/wire/smtp_server_state.h"

namespace mailrota::wire {
namespace {

using namespace std::string_literals;

std::string times(int count, const std::string& text) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
}

TEST(SmtpServer, GreetsAndNamesItsExtensionsInOneWrite) {
    SmtpServerOwner owner;
    EXPECT_EQ(owner.go_on(), "220 mx.example LMTP mailrota\r\n");
    EXPECT_EQ(owner.send("LHLO client\r\n"),
              "250-mx.example\r\n250-PIPELINING\r\n250-SIZE 50000000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
              "250-CHUNKING\r\n250-XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE\r\n"
              "250 ENHANCEDSTATUSCODES\r\n");
}

TEST(SmtpServer, SaysLhloOnlyInLmtpAndHeloOnlyInEsmtp) {
    SmtpServerOwner lmtp;
    lmtp.expect({{"HELO me", "500 5.5.1"}, {"EHLO me", "500 5.5.1"}, {"LHLO me", "250 "}});
    SmtpServerOwner smtp(esmtp());
    EXPECT_EQ(smtp.go_on(), "220 mx.example ESMTP mailrota\r\n");
    smtp.expect({{"LHLO me", "500 5.5.1"}, {"HELO me", "250 mx.example"}});
    EXPECT_FALSE(smtp.server.extended());
    smtp.expect({{"EHLO me", "250 "}});
    EXPECT_TRUE(smtp.server.extended());
    smtp.expect({{"XFORWARD IDENT=1", "500 5.5.1"}});
}

TEST(SmtpServer, AnswersEveryCommandInItsPlace) {
    SmtpServerOwner owner;
    owner.expect({{"NOOP", "250 2.0.0"},
                  {"MAIL FROM:<a@b>", "503 5.5.1"},
                  {"LHLO", "501 5.5.4"},
                  {"lhlo me", "250 "},
                  {"RCPT TO:<x@y>", "503 5.5.1"},
                  {"DATA", "503 5.5.1"},
                  {"VRFY ann", "252 "},
                  {"EXPN all", "502 5.5.1"},
                  {"HELP", "214 "},
                  {"BOGUS", "500 5.5.1"},
                  {"STARTTLS", "502 5.5.1"},
                  {"AUTH PLAIN", "502 5.5.1"},
                  {"mail from:<a@b>", "250 2.1.0"},
                  {"MAIL FROM:<c@d>", "503 5.5.1"},
                  {"XFORWARD IDENT=1", "503 5.5.1"},
                  {"DATA", "503 5.5.1"},
                  {"RCPT TO:<x@y>", "250 2.1.5"},
                  {"NOOP hello", "250 2.0.0"},
                  {"DATA now", "501 5.5.4"},
                  {"DATA", "354 "},
                  {".", "250 2.0.0 done 0"},
                  {"RSET now", "501 5.5.4"},
                  {"RSET", "250 2.0.0"},
                  {"QUIT", "221 2.0.0"}});
    EXPECT_TRUE(owner.closed);
    EXPECT_EQ(owner.send("NOOP\r\n"), "");
}

TEST(SmtpServer, AHelloEndsTheTransaction) {
    SmtpServerOwner owner;
    owner.expect({{"LHLO me", "250 "}, {"MAIL FROM:<a@b>", "250 "}, {"RCPT TO:<x@y>", "250 "}});
    EXPECT_TRUE(owner.server.in_transaction());
    owner.expect({{"LHLO me", "250 "}, {"DATA", "503 5.5.1 MAIL first"}});
    EXPECT_FALSE(owner.server.in_transaction());
}

TEST(SmtpServer, TenFaultsInARowEndTheConnection) {
    SmtpServerOwner owner;
    owner.send(times(9, "BOGUS\r\n") + "NOOP\r\n" + times(9, "BOGUS\r\n"));
    EXPECT_FALSE(owner.closed);
    EXPECT_EQ(owner.send("BOGUS\r\nNOOP\r\n"), "421 4.7.0 too many errors\r\n");
    EXPECT_TRUE(owner.closed);
}

TEST(SmtpServer, WhatFollowsARefusedMailInThePipelineIsNoFault) {
    SmtpServerOwner owner;
    owner.expect({{"LHLO me", "250 "}});
    const std::string mail =
        "MAIL FROM:<a@b> SIZE=50000001\r\n" + times(30, "RCPT TO:<x@y>\r\n") + "DATA\r\nRSET\r\n";
    EXPECT_EQ(owner.send(mail),
              "552 5.3.4 message too big\r\n" + times(31, "503 5.5.1 MAIL first\r\n") + "250 2.0.0 ok\r\n");
    owner.expect({{"MAIL FROM:<a@b>", "250 "}});
}

TEST(SmtpServer, ABrowserIsSentAwayAtOnce) {
    SmtpServerOwner owner;
    EXPECT_EQ(owner.send("POST / HTTP/1.1\r\nLHLO me\r\n"),
              "220 mx.example LMTP mailrota\r\n421 4.7.0 this is no web server\r\n");
    EXPECT_TRUE(owner.closed);
}

TEST(SmtpServer, OnlyCrLfEndsACommand) {
    SmtpServerOwner owner;
    owner.go_on();
    EXPECT_EQ(owner.send("NOOP\nNOOP\n"), "");
    EXPECT_EQ(owner.send("NOOP\r\n"), "500 5.5.2 NUL, bare CR or bare LF in a command\r\n");
    owner.expect({{"NO\rOP", "500 5.5.2"}, {"NOOP \0"s, "500 5.5.2"}, {"NOOP", "250 "}});
}

TEST(SmtpServer, LongLinesAreRefusedAndSwallowed) {
    SmtpServerOwner owner;
    const std::string just_fits = "NOOP " + std::string(505, 'x');
    owner.expect(
        {{"LHLO me", "250 "}, {just_fits, "250 "}, {just_fits + "x", "500 5.5.6"}, {"NOOP", "250 "}});
    const std::string mail = "MAIL FROM:<a@b> ENVID=";
    owner.expect({{mail + std::string(4094 - mail.size(), 'x'), "555 5.5.4"},
                  {mail + std::string(4095 - mail.size(), 'x'), "500 5.5.6"}});
    for (int i = 0; i < 100; ++i) EXPECT_EQ(owner.send(std::string(100'000, '\r')), "");
    EXPECT_EQ(owner.send("\nNOOP\r\n"), "500 5.5.6 line too long\r\n250 2.0.0 ok\r\n");
}

TEST(SmtpServer, RefusesInsteadOfGreeting) {
    SmtpServer server({}, {});
    server.refuse({554, "5.7.1", "not for you"});
    EXPECT_TRUE(std::holds_alternative<Close>(server.next()));
    EXPECT_EQ(server.take_output(), "554 5.7.1 not for you\r\n");
    server.feed("LHLO me\r\n");
    EXPECT_TRUE(std::holds_alternative<Close>(server.next()));
    EXPECT_EQ(server.take_output(), "");
}

TEST(SmtpServer, L10ShutsDownBetweenTransactionsOnly) {
    SmtpServerOwner owner;
    owner.expect({{"LHLO me", "250 "}, {"MAIL FROM:<a@b>", "250 "}});
    owner.server.shut_down();
    owner.expect({{"RCPT TO:<x@y>", "250 "}, {"DATA", "354 "}});
    EXPECT_EQ(owner.send("text\r\n.\r\nMAIL FROM:<a@b>\r\n"),
              "250 2.0.0 done 0\r\n421 4.3.2 mx.example is shutting down\r\n");
    EXPECT_TRUE(owner.closed);
    EXPECT_EQ(owner.messages.size(), 1U);
}

TEST(SmtpServer, ShutsDownInTheSilence) {
    SmtpServerOwner owner;
    owner.expect({{"LHLO me", "250 "}});
    owner.server.shut_down();
    EXPECT_EQ(owner.go_on(), "421 4.3.2 mx.example is shutting down\r\n");
    EXPECT_TRUE(owner.closed);
}

TEST(SmtpServer, ATimeOutEndsATransaction) {
    SmtpServerOwner owner;
    owner.expect(
        {{"LHLO me", "250 "}, {"MAIL FROM:<a@b>", "250 "}, {"RCPT TO:<x@y>", "250 "}, {"DATA", "354 "}});
    owner.send("half a mail");
    owner.server.time_out();
    EXPECT_EQ(owner.go_on(), "421 4.4.2 mx.example timed out\r\n");
    EXPECT_TRUE(owner.closed);
    EXPECT_FALSE(owner.server.in_transaction());
    EXPECT_TRUE(owner.messages.empty());
}

TEST(SmtpServer, L7TwentyFiveTransactionsLeaveNothingBehind) {
    SmtpServerOwner owner;
    owner.expect({{"LHLO me", "250 "}});
    for (int i = 0; i < 25; ++i) {
        const std::string name = std::to_string(i);
        owner.send("MAIL FROM:<old@b>\r\nRCPT TO:<old@y>\r\nRSET\r\nMAIL FROM:<s" + name +
                   "@b> SIZE=9\r\nRCPT TO:<r" + name + "@y>\r\nDATA\r\n" + name + "\r\n.\r\n");
        const MessageReceived& message = owner.messages.back();
        EXPECT_EQ(message.envelope.sender.text(), "s" + name + "@b");
        ASSERT_EQ(message.envelope.recipients.size(), 1U);
        EXPECT_EQ(message.envelope.recipients[0].address.text(), "r" + name + "@y");
        EXPECT_EQ(message.bytes, name + "\r\n");
    }
    EXPECT_EQ(owner.messages.size(), 25U);
}

TEST(SmtpServer, EveryStateHasAName) {
    for (int i = 0; i <= static_cast<int>(SmtpStage::chunks); ++i)
        EXPECT_NE(to_string(static_cast<SmtpStage>(i)), "");
    for (int i = 0; i <= static_cast<int>(SmtpWait::nothing); ++i)
        EXPECT_NE(to_string(static_cast<SmtpWait>(i)), "");
}

}  // namespace
}  // namespace mailrota::wire
