#include "tests/rig/nullmailer.h"

#include <gtest/gtest.h>

#include "tests/rig/postfix.h"

namespace mailrota::rig {
namespace {

TEST(Nullmailer, HandsItsQueueToAnSmtpServer) {
    Postfix postfix;
    Nullmailer nullmailer(postfix.port());
    const RunResult taken =
        nullmailer.sendmail("web@example.com", {"ann@example.com"}, "Subject: one\n\nText.\n");
    EXPECT_EQ(taken.exit_code, 0) << taken.errors;
    const auto mails = postfix.wait_for_mail("ann");
    ASSERT_EQ(mails.size(), 1U) << nullmailer.log();
    EXPECT_NE(mails[0].find("Subject: one"), std::string::npos);
    EXPECT_TRUE(nullmailer.wait_for_empty_queue()) << nullmailer.log();
    EXPECT_EQ(nullmailer.failed(), 0U);
}

}  // namespace
}  // namespace mailrota::rig
