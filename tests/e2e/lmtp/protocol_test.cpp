#include <filesystem>

#include "tests/e2e/lmtp/scene.h"

namespace mailrota::rig {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const SmtpSinkOptions lmtp_sink{true, SmtpSinkOptions::Socket::unix_path, {}, true};

/// Megabytes of memory that a process has in use at its peak.
int peak_megabytes(pid_t pid) {
    const auto status = read_file("/proc/" + std::to_string(pid) + "/status");
    return std::atoi(status.c_str() + status.find("VmHWM:") + 6) / 1024;
}

TEST(L1, EachRecipientHasItsOwnReplyInOrder) {
    const Lmtp lmtp(lmtp_configuration("", std::string(by_name) +
                                               "[[rule]]\nwhen.rcpt = \"gone@example.com\"\nthen = [{ reject "
                                               "= \"gone\" }]\n"));
    auto client = lmtp.client();
    const auto sent = client.send_mail("ann@example.com",
                                       {"drop1@example.com", "gone@example.com", "refuse@example.com",
                                        "defer@example.com", "drop2@example.com"},
                                       fresh_mail());
    EXPECT_THAT(codes(sent.rcpts), ElementsAre(250, 550, 250, 250, 250));
    EXPECT_THAT(codes(sent.results),
                ElementsAre(250, 550, testing::AllOf(testing::Ge(450), testing::Lt(460)), 250));
    EXPECT_THAT(sent.results.at(1).text, HasSubstr("not wanted"));
}

TEST(L2, WhatWasDoneBeforeTheConnectionWasCutIsNotDoneAgain) {
    const SmtpSink sink(lmtp_sink);
    const Lmtp lmtp(lmtp_configuration(next_hop(sink)));
    const auto mail = fresh_mail();
    {
        auto cut = lmtp.client();
        cut.command("MAIL FROM:<ann@example.com>");
        cut.command("RCPT TO:<a@example.com>");
        cut.command("RCPT TO:<b@example.com>");
        cut.command("DATA");
        cut.send_raw(dot_stuffed(mail));
        EXPECT_EQ(cut.read_reply().code, 250);
    }
    EXPECT_THAT(lmtp.send({"a@example.com", "b@example.com"}, mail), ElementsAre(250, 250));
    EXPECT_THAT(sink.mails(), SizeIs(1));
}

TEST(L3, TheSameRecipientTwiceIsTwoRepliesAndOneMail) {
    const SmtpSink sink(lmtp_sink);
    const Lmtp lmtp(lmtp_configuration(next_hop(sink)));
    EXPECT_THAT(lmtp.send({"a@example.com", "a@example.com"}, fresh_mail()), ElementsAre(250, 250));
    ASSERT_THAT(sink.mails(), SizeIs(1));
    EXPECT_THAT(sink.mails()[0].recipients, SizeIs(1));
}

TEST(L4, DataWithoutARecipientIs503AndTheSessionGoesOn) {
    const Lmtp lmtp(lmtp_configuration(
        "", std::string(by_name) +
                "[[rule]]\nwhen.rcpt = \"gone@example.com\"\nthen = [{ reject = \"gone\" }]\n"));
    auto client = lmtp.client();
    client.send_raw("MAIL FROM:<ann@example.com>\r\nRCPT TO:<gone@example.com>\r\nDATA\r\nRSET\r\n");
    EXPECT_EQ(client.read_reply().code, 250);
    EXPECT_EQ(client.read_reply().code, 550);
    EXPECT_EQ(client.read_reply().code, 503);
    EXPECT_EQ(client.read_reply().code, 250);
    EXPECT_TRUE(client.send_mail("ann@example.com", {"drop@example.com"}, fresh_mail()).accepted());
}

class L5 : public testing::TestWithParam<const char*> {};

TEST_P(L5, ABareLineEndNeitherEndsAMailNorBeginsAnother) {
    const SmtpSink sink(lmtp_sink);
    const Lmtp lmtp(lmtp_configuration(next_hop(sink)));
    auto client = lmtp.client();
    client.command("MAIL FROM:<ann@example.com>");
    client.command("RCPT TO:<a@example.com>");
    client.command("DATA");
    client.send_raw("Subject: x\r\n\r\nhi" + std::string(GetParam()) +
                    "MAIL FROM:<eve@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\nsmuggled\r\n.\r\n");
    EXPECT_EQ(client.read_reply().code, 550);
    EXPECT_EQ(client.command("NOOP").code, 250);
    EXPECT_THAT(sink.mails(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(LineEnds, L5,
                         testing::Values("\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n", "\r\n.\r", "\r.\r\n"));

TEST(L6, TheSizeThatIsSaidIsOnlyAHint) {
    const Lmtp lmtp(lmtp_configuration("max_size = 1000000"));
    for (const char* size : {"SIZE=1", "SIZE=900000"}) {
        auto client = lmtp.client();
        EXPECT_TRUE(
            client.send_mail("<ann@example.com> " + std::string(size), {"drop@example.com"}, fresh_mail())
                .accepted());
    }
    auto client = lmtp.client();
    EXPECT_EQ(client.command("MAIL FROM:<ann@example.com> SIZE=1000001").code, 552);
}

TEST(L7, TransactionsOfOneConnectionKnowNothingOfEachOther) {
    const SmtpSink sink(lmtp_sink);
    const Lmtp lmtp(lmtp_configuration(next_hop(sink)));
    auto client = lmtp.client();
    for (int i = 0; i < 25; ++i) {
        client.command("MAIL FROM:<left@example.com>");
        client.command("RCPT TO:<left-over@example.com>");
        EXPECT_EQ(client.command("RSET").code, 250);
        EXPECT_TRUE(
            client.send_mail("ann@example.com", {"r" + std::to_string(i) + "@example.com"}, fresh_mail())
                .accepted());
    }
    const auto mails = sink.mails();
    ASSERT_THAT(mails, SizeIs(25));
    for (const auto& mail : mails) {
        EXPECT_THAT(mail.recipients, SizeIs(1));
        EXPECT_THAT(mail.recipients[0], Not(HasSubstr("left")));
        EXPECT_THAT(mail.sender, HasSubstr("ann@"));
    }
}

TEST(L9, TheQueueIdOfXforwardIsInTheLogAndTheOriginalRecipientGoesOn) {
    const SmtpSink sink(lmtp_sink);
    const Lmtp lmtp(lmtp_configuration(next_hop(sink) + "reinject = \"smtp:127.0.0.1:1\"\n"));
    auto client = lmtp.client();
    EXPECT_THAT(client.hello().text, HasSubstr("DSN"));
    EXPECT_EQ(client.command("XFORWARD IDENT=4XyZQueueId").code, 250);
    EXPECT_TRUE(client
                    .send_mail("<ann@example.com> RET=HDRS ENVID=abc",
                               {"<a@example.com> NOTIFY=FAILURE ORCPT=rfc822;list@example.com"}, fresh_mail())
                    .accepted());
    EXPECT_TRUE(lmtp.wait_for_log("queue_id=4XyZQueueId"));
    ASSERT_THAT(sink.mails(), SizeIs(1));
    EXPECT_THAT(sink.mails()[0].recipients, ElementsAre(HasSubstr("ORCPT=rfc822;list@example.com")));
}

TEST(L9, WithoutXforwardAndDsnAMailIsStillFoundAgain) {
    const SmtpSink sink(lmtp_sink);
    const Lmtp lmtp(lmtp_configuration(next_hop(sink)));
    auto client = lmtp.client();
    EXPECT_THAT(client.hello().text, Not(HasSubstr("DSN")));
    const auto mail = fresh_mail();
    for (int i = 0; i < 2; ++i)
        EXPECT_TRUE(client.send_mail("ann@example.com", {"a@example.com"}, mail).accepted());
    EXPECT_THAT(sink.mails(), SizeIs(1));
    const std::string unknown = "Subject: no id\n\nhi\n";
    for (int i = 0; i < 2; ++i)
        EXPECT_TRUE(client.send_mail("ann@example.com", {"a@example.com"}, unknown).accepted());
    EXPECT_THAT(sink.mails(), SizeIs(3));
}

TEST(L12, WhatIsTooBigIsRefusedForEachRecipientInLittleMemory) {
    const Lmtp lmtp(lmtp_configuration("max_size = 1000000"));
    ASSERT_TRUE(lmtp.serves());
    const int before = peak_megabytes(lmtp.pid());
    for (const bool lines : {false, true}) {
        auto client = lmtp.client();
        client.command("MAIL FROM:<ann@example.com>");
        client.command("RCPT TO:<drop1@example.com>");
        client.command("RCPT TO:<drop2@example.com>");
        client.command("DATA");
        const std::string megabyte =
            lines ? std::string(1'000'000 - 2, 'x') + "\r\n" : std::string(1'000'000, 'x');
        for (int i = 0; i < (lines ? 100 : 10); ++i) client.send_raw(megabyte);
        client.send_raw("\r\n.\r\n");
        EXPECT_EQ(client.read_reply().code, 552);
        EXPECT_EQ(client.read_reply().code, 552);
        EXPECT_EQ(client.command("NOOP").code, 250);
    }
    EXPECT_LT(peak_megabytes(lmtp.pid()) - before, 40);
}

TEST(Loops, AMailWithFiftyOneReceivedIsRefused) {
    const Lmtp lmtp(lmtp_configuration());
    std::string received;
    for (int i = 0; i < 50; ++i) received += "Received: from a by b; Fri, 20 Nov 2026 10:00:00 +0000\n";
    EXPECT_THAT(lmtp.send({"drop@example.com"}, received + fresh_mail()), ElementsAre(250));
    EXPECT_THAT(
        lmtp.send({"drop@example.com", "drop2@example.com"}, received + "Received: x\n" + fresh_mail()),
        ElementsAre(554, 554));
}

TEST(SessionLog, HasTheDialogueInAFileOfEachSession) {
    const Lmtp lmtp(lmtp_configuration("session_log = \"{folder}\""));
    ASSERT_TRUE(lmtp.serves());
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(lmtp.folder()))
        if (entry.path().filename().string().starts_with("20")) all += read_file(entry.path());
    EXPECT_THAT(all, HasSubstr("220 mx.example.com LMTP"));
    EXPECT_THAT(all, HasSubstr("MAIL FROM:<ann@example.com>"));
    EXPECT_THAT(all, HasSubstr("Subject: hello"));
}

}  // namespace
}  // namespace mailrota::rig
