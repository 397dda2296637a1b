// What leaves for a provider: nothing that steers it, nothing that was blind, all else byte for byte.
#include "core/providers/outgoing.h"

#include <gtest/gtest.h>

namespace mailrota::providers {
namespace {

std::string relayed(std::string bytes) { return relayed_bytes(mail::Message::from_bytes(std::move(bytes))); }

TEST(RelayedBytes, KeepWhatSteersNobodyByteForByte) {
    const std::string bytes =
        "Received: from a\r\n\tby b\r\nFROM:a@example.com\r\nX-Odd :  \xE9 \r\nX-Entity-Ref-ID: 1\r\n"
        "Resent-To: b@example.com\r\n\r\nbody \xFF\rlone\r\n.\r\n";
    EXPECT_EQ(relayed(bytes), bytes);
}

TEST(RelayedBytes, HaveNoFieldThatSteersAProvider) {
    for (const char* name :
         {"Bcc", "bcc", "Resent-Bcc", "X-MC-BccAddress", "x-mc-PreserveRecipients", "X-Mailgun-Drop-Message",
          "X-SES-CONFIGURATION-SET", "X-SMTPAPI", "X-PM-KeepID", "X-MSYS-API", "X-MJ-TemplateID",
          "X-Mailjet-Campaign", "X-Mailin-custom", "Resend-Idempotency-Key", "X-Mailrota-Trace", "Bcc "}) {
        const std::string field = std::string(name) + ": c@example.net,\r\n d@example.net\r\n";
        EXPECT_EQ(relayed("From: a@example.com\r\n" + field + "Subject: s\r\n\r\nBcc: stays\r\n"),
                  "From: a@example.com\r\nSubject: s\r\n\r\nBcc: stays\r\n")
            << name;
    }
}

TEST(RelayedBytes, EndEachLineWithCrlf) {
    EXPECT_EQ(relayed("From: a@example.com\nSubject: s\n t\n\none\r\ntwo\n\nthree"),
              "From: a@example.com\r\nSubject: s\r\n t\r\n\r\none\r\ntwo\r\n\r\nthree");
    EXPECT_EQ(relayed("From: a@example.com"), "From: a@example.com\r\n\r\n");
    EXPECT_EQ(relayed(""), "\r\n");
}

TEST(RelayedBytes, LeaveNoHeaderForALenientReader) {
    EXPECT_EQ(relayed("From: a@example.com\r\nno field\r\nX-MC-BccAddress: c@example.net\r\n\r\nb"),
              "From: a@example.com\r\n\r\nno field\r\nX-MC-BccAddress: c@example.net\r\n\r\nb");
    EXPECT_EQ(relayed("Subject: s\rBcc: c@example.net\r\n\r\nb\rc"),
              "Subject: s Bcc: c@example.net\r\n\r\nb\rc");
}

TEST(RelayedBytes, AreTheSameWhenRelayedAgain) {
    const std::string once = relayed("From: a@example.com\nX-SMTPAPI: {}\nBcc: b@example.com\n\nx\ny");
    EXPECT_EQ(relayed(once), once);
}

}  // namespace
}  // namespace mailrota::providers
