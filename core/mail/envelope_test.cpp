#include "core/mail/envelope.h"

#include <gtest/gtest.h>

namespace mailrota::mail {
namespace {

TEST(Recipient, FindsItsParameters) {
    const Recipient recipient{Address::from_envelope("<a@example.com>"),
                              {"NOTIFY=FAILURE,DELAY", "orcpt=rfc822;team@example.com", "FLAG", "EMPTY="}};
    EXPECT_EQ(recipient.parameter("notify"), "FAILURE,DELAY");
    EXPECT_EQ(recipient.parameter("ORCPT"), "rfc822;team@example.com");
    EXPECT_EQ(recipient.parameter("flag"), "");
    EXPECT_EQ(recipient.parameter("EMPTY"), "");
    EXPECT_EQ(recipient.parameter("NOT"), std::nullopt);
    EXPECT_EQ(recipient.parameter(""), std::nullopt);
}

TEST(Envelope, StartsAsAnEmptySmtpDialogue) {
    const Envelope envelope;
    EXPECT_TRUE(envelope.sender.null());
    EXPECT_EQ(envelope.route, Route::smtp);
    EXPECT_TRUE(envelope.client.ip.empty());
}

}  // namespace
}  // namespace mailrota::mail
