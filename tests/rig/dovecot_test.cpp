#include "tests/rig/dovecot.h"

#include <gtest/gtest.h>

#include "tests/rig/smtp_client.h"

namespace mailrota::rig {
namespace {

TEST(Dovecot, TakesMailForItsUsersAndRefusesStrangers) {
    Dovecot server({"ann", "ben"});
    SmtpClient client(Connection::to_path(server.socket()), SmtpClient::Protocol::lmtp);
    client.hello();
    const auto sent = client.send_mail("eli@example.net", {"ann@example.com", "nobody@example.com"},
                                       "Subject: one\n\nText.\n");
    ASSERT_EQ(sent.rcpts.size(), 2U);
    EXPECT_EQ(sent.rcpts[1].code, 550) << sent.rcpts[1].text;
    EXPECT_TRUE(sent.results.size() == 1 && sent.results[0].positive()) << server.log();
    const auto mails = server.wait_for_mail("ann");
    ASSERT_EQ(mails.size(), 1U) << server.log();
    EXPECT_NE(mails[0].find("Subject: one"), std::string::npos);
    server.stop();
    server.start();
    EXPECT_EQ(server.mailbox("ann").size(), 1U);
}

}  // namespace
}  // namespace mailrota::rig
