// Who gets a mail that is sent in pieces, and what of it cannot be sent at all.
#include "core/providers/json_mail.h"

#include <gmock/gmock.h>

#include "core/providers/json_fixture.h"
#include "core/providers/loss.h"

namespace mailrota::providers {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr JsonTerms terms{};

std::vector<std::string> texts(const std::vector<JsonAddress>& addresses) {
    std::vector<std::string> out;
    for (const JsonAddress& each : addresses) out.push_back(address_text(each));
    return out;
}

JsonRecipients shared(const std::string& header, std::vector<std::string> recipients) {
    return json_recipients(outgoing("From: a@example.com\r\n" + header + "\r\nx", std::move(recipients)));
}

TEST(JsonRecipients, AreTheEnvelopesAndNobodyElse) {
    const JsonRecipients result = shared("To: a@example.net\r\nCc: b@example.net\r\n", {"a@example.net"});
    EXPECT_THAT(texts(result.to), ElementsAre("a@example.net"));
    EXPECT_THAT(result.cc, IsEmpty());
    EXPECT_THAT(result.bcc, IsEmpty());
    EXPECT_TRUE(result.left_out);
}

TEST(JsonRecipients, StandOnceWhateverTheirCase) {
    const JsonRecipients result =
        shared("To: A@Example.net, \"a\"@example.net\r\nCc: a@example.net, B <b@example.net>\r\n",
               {"a@example.NET", "b@example.net", "c@example.net"});
    EXPECT_THAT(texts(result.to), ElementsAre("a@example.NET"));
    EXPECT_THAT(texts(result.cc), ElementsAre("B <b@example.net>"));
    EXPECT_THAT(texts(result.bcc), ElementsAre("c@example.net"));
    EXPECT_EQ(result.bcc[0].recipient, 2U);
    EXPECT_FALSE(result.left_out);
}

TEST(JsonRecipients, AlwaysHaveOneInTo) {
    const JsonRecipients from_cc = shared("Cc: b@example.net\r\n", {"c@example.net", "b@example.net"});
    EXPECT_THAT(texts(from_cc.to), ElementsAre("b@example.net"));
    EXPECT_FALSE(from_cc.nobody_shown);
    const JsonRecipients blind =
        shared("To: undisclosed-recipients:;\r\n", {"c@example.net", "d@example.net"});
    EXPECT_THAT(texts(blind.to), ElementsAre("c@example.net"));
    EXPECT_THAT(texts(blind.bcc), ElementsAre("d@example.net"));
    EXPECT_TRUE(blind.nobody_shown);
}

TEST(JsonRecipients, AreAllThereWhenThereAreAThousand) {
    std::vector<std::string> recipients;
    for (int i = 0; i < 1001; ++i) recipients.push_back("r" + std::to_string(i) + "@example.net");
    const JsonRecipients result = shared("To: r5@example.net\r\n", recipients);
    EXPECT_EQ(result.to.size() + result.cc.size() + result.bcc.size(), 1001U);
    EXPECT_EQ(result.bcc[5].address, "r6@example.net");
}

TEST(JsonMail, CannotBeMadeOfEveryMail) {
    Outgoing null_sender = outgoing(plain_bytes(), {"b@example.net"});
    null_sender.sender.clear();
    for (const Outgoing& mail : {null_sender, outgoing("Subject: s\r\n\r\nx", {"b@example.net"}),
                                 outgoing("From: \xC3\xA9@example.com\r\n\r\nx", {"b@example.net"}),
                                 outgoing(plain_bytes(), {"\xC3\xA9@example.net"})}) {
        EXPECT_FALSE(json_mail(mail, terms));
        EXPECT_TRUE(breaks(json_losses(json_mail(mail, terms))));
    }
}

TEST(JsonMail, TellsASealThatBreaks) {
    const Outgoing sealed = outgoing(
        "From: a@example.com\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\n"
        "Content-Type: application/pgp-signature\r\n\r\ns\r\n--b--\r\n",
        {"b@example.net"});
    EXPECT_TRUE(breaks(json_losses(json_mail(sealed, terms))));
    const Outgoing dkim = outgoing("DKIM-Signature: v=1\r\n" + plain_bytes(), {"bob@example.net"});
    EXPECT_THAT(json_losses(json_mail(dkim, terms)),
                ElementsAre(Loss{Loss::Kind::detail, "the field DKIM-Signature"}));
}

TEST(JsonMail, HasHeadersInAsciiOnOneLine) {
    const auto mail =
        json_mail(outgoing("X-A: " + std::string(3000, 'a') + "\r\nX-B: \xC3\xA9\r\nX-C:\r\n" + plain_bytes(),
                           {"bob@example.net"}),
                  terms);
    ASSERT_TRUE(mail);
    ASSERT_EQ(mail->headers.size(), 2U);
    EXPECT_EQ(mail->headers[0].value.find('\n'), std::string::npos);
    EXPECT_THAT(mail->headers[1].value, testing::StartsWith("=?"));
}

TEST(AddressText, QuotesWhatItMust) {
    EXPECT_EQ(address_text({"", "a@example.com", 0}), "a@example.com");
    EXPECT_EQ(address_text({"Ann Example", "a@example.com", 0}), "Ann Example <a@example.com>");
    EXPECT_EQ(address_text({"Ex, \"A\" \\", "a@example.com", 0}), "\"Ex, \\\"A\\\" \\\\\" <a@example.com>");
}

TEST(JsonWithFiles, IsJsonWhateverTheFilesHold) {
    std::string bytes;
    for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
    const std::vector<mail::Parts::File> files{{"\"x\"\n", "t", "", "", false, bytes},
                                               {"y", "t", "", "", false, ""}};
    const auto describe = [](const mail::Parts::File& file) { return boost::json::object{{"n", file.name}}; };
    const auto value = boost::json::parse(json_with_files({{"a", 1}}, "list", "c", files, describe));
    EXPECT_EQ(value.at("a"), 1);
    EXPECT_EQ(value.at("list").at(0).at("n"), "\"x\"\n");
    EXPECT_EQ(value.at("list").at(0).at("c").as_string().size(), 344U);
    EXPECT_EQ(value.at("list").at(1).at("c"), "");
    EXPECT_EQ(json_with_files({}, "list", "c", {}, describe), "{}");
}

}  // namespace
}  // namespace mailrota::providers
