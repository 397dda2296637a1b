#include "web/handed_mail.h"

#include <gtest/gtest.h>

#include "core/config/config.h"

namespace mailrota::web {
namespace {

TEST(HandedMail, HidesItsOriginAndTouchesNothingElse) {
    std::string body;
    for (int byte = 0; byte < 256; ++byte) body += static_cast<char>(byte);
    const HandedMail mail(
        "Received: from secret.example.com\r\n\tby mx\r\nX-Originating-IP: [192.0.2.1]\r\nSubject:  =?x?= "
        "\r\n"
        "bcc: hidden@example.com,\r\n other@example.com\r\nX-8bit: \xE4\r\nResent-Bcc: "
        "x@example.com\r\n\r\n" +
            body,
        {"Received", "X-Originating-*"});
    EXPECT_EQ(mail.whole(), "Subject:  =?x?= \r\nX-8bit: \xE4\r\n\r\n" + body);
    EXPECT_EQ(mail.size(), mail.whole().size());
}

TEST(HandedMail, HidesBccEvenIfNothingElseIsHidden) {
    EXPECT_EQ(HandedMail("Received: by mx\r\nBCC: a@example.com\r\n\r\n", {}).whole(),
              "Received: by mx\r\n\r\n");
}

TEST(HandedMail, DigestIsOfTheBytesThatAreHandedOut) {
    const HandedMail mail("Bcc: a@example.com\r\nSubject: x\r\n\r\nhello\r\n", {});
    ASSERT_EQ(mail.whole(), "Subject: x\r\n\r\nhello\r\n");
    // printf 'Subject: x\r\n\r\nhello\r\n' | openssl dgst -sha256 -binary | base64
    EXPECT_EQ(mail.digest(), "SHA-256=CQvL1O3Eh7yzj6+edl+AW2qO/hxwhsLJvIuoXXDaKQU=");
}

}  // namespace
}  // namespace mailrota::web
