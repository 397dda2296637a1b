#include "tests/rig/smtp_sink.h"

#include <gmock/gmock.h>

#include "tests/rig/connection.h"
#include "tests/rig/smtp_client.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(SmtpSink, KeepsWhatItReceives) {
    for (const auto socket : {SmtpSinkOptions::Socket::inet, SmtpSinkOptions::Socket::unix_path}) {
        SmtpSinkOptions options;
        options.socket = socket;
        const SmtpSink sink(options);
        EXPECT_TRUE(sink.mails().empty());
        SmtpClient client(Connection::to(sink.socket()));
        client.hello();
        const std::string mail = "Subject: x\n\n.dot\n\nX-Rcpt-Args: no\n";
        EXPECT_TRUE(client.send_mail("a@example.com", {"b@example.com", "c@example.com"}, mail).accepted());
        const auto mails = sink.mails();
        ASSERT_EQ(mails.size(), 1U);
        EXPECT_EQ(mails[0].protocol, "ESMTP");
        EXPECT_THAT(mails[0].sender, StartsWith("<a@example.com>"));
        EXPECT_THAT(mails[0].recipients, ElementsAre("<b@example.com>", "<c@example.com>"));
        EXPECT_EQ(mails[0].content, mail);
    }
}

TEST(SmtpSink, SpeaksLmtpFailsAsToldAndStartsAgain) {
    SmtpSinkOptions options;
    options.lmtp = true;
    options.switches = {"-f", "RCPT"};
    SmtpSink sink(options);
    EXPECT_THAT(sink.endpoint(), StartsWith("lmtp:unix:/"));
    sink.stop();
    EXPECT_FALSE(accepts(sink.socket()));
    sink.start();
    SmtpClient client(Connection::to(sink.socket()), SmtpClient::Protocol::lmtp);
    EXPECT_THAT(client.hello().text, Not(HasSubstr("PIPELINING"))) << "-f implies -p";
    EXPECT_EQ(client.send_mail("a@example.com", {"b@example.com"}, "x\n").rcpts.at(0).code, 500);
    EXPECT_TRUE(sink.mails().empty());
}

}  // namespace
}  // namespace mailrota::rig
