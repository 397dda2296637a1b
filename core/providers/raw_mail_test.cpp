#include "core/providers/raw_mail.h"

#include <glib.h>
#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "core/mail/text_encoding.h"

namespace mailrota::providers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string head = "From: a@example.com\r\nTo: b@example.net\r\nSubject: s\r\nMIME-Version: 1.0\r\n";
constexpr RawTerms utf8{.form = RawForm::utf8, .keeps_dkim = true};
constexpr RawTerms ascii{.form = RawForm::ascii};

RawMail made(const std::string& bytes, const RawTerms& terms) {
    return raw_mail(mail::Message::from_bytes(bytes), terms);
}

std::string whole(const std::string& bytes, const RawTerms& terms) {
    const RawMail raw = made(bytes, terms);
    return raw.header + std::string(raw.body());
}

std::string every_byte() {
    std::string bytes;
    for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
    return bytes;
}

std::string entity(const std::string& header, const std::string& body) {
    return head + header + "\r\n\r\n" + body;
}

std::string decoded(const std::string& base64) {
    gsize size = 0;
    guchar* bytes = g_base64_decode(base64.c_str(), &size);
    const std::string result(bytes, bytes + size);
    g_free(bytes);
    return result;
}

// What a reader decodes as the mail's text.
std::string text_of(const std::string& bytes) { return mail::Message::from_bytes(bytes).text().utf8; }

TEST(RawMail, ThatFitsKeepsEveryByte) {
    const std::string odd = "Subject:   odd\r\n\tfolding \r\nDKIM-Signature: v=1; b=x\r\n";
    const std::string plain = head + odd + "\r\npre\r\n--b \r\n\r\n=20 =\r\nend without a line end";
    EXPECT_EQ(whole(plain, utf8), plain);
    EXPECT_EQ(whole(plain, {.form = RawForm::ascii, .keeps_dkim = true}), plain);
    EXPECT_FALSE(made(plain, utf8).encoded_anew);
    const std::string binary = entity("Content-Type: image/png", every_byte());
    EXPECT_EQ(whole(binary, {.form = RawForm::bytes, .keeps_dkim = true}), binary);
    const std::string eight_bit = entity("Content-Transfer-Encoding: 8bit", "Gr\xC3\xBC\xC3\x9F\x65\r\n");
    EXPECT_EQ(whole(eight_bit, utf8), eight_bit) << "UTF-8 fits a JSON string";
}

TEST(RawMail, LosesItsDkimSignatureWhereThatWouldNotFit) {
    const std::string mail = head + "DKIM-Signature: v=1;\r\n b=x\r\n\r\nbody\r\n";
    EXPECT_EQ(whole(mail, ascii), head + "\r\nbody\r\n");
    EXPECT_THAT(
        whole(head + "DKIM-Signature: v=1\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n\xFC\r\n",
              utf8),
        Not(HasSubstr("DKIM")))
        << "its body hash no longer fits a body that is encoded anew";
    EXPECT_THAT(raw_losses(mail::Message::from_bytes(mail), utf8), IsEmpty());
    const auto losses = raw_losses(mail::Message::from_bytes(mail), ascii);
    ASSERT_EQ(losses.size(), 1U);
    EXPECT_EQ(losses[0].kind, Loss::Kind::detail);
}

TEST(RawMail, InLatin1IsReadTheSameAfterwards) {
    const std::string latin1 =
        entity("Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit",
               "Gr\xFC\xDF\x65 =20\t\r\n" + std::string(1200, 'x') + " \xE4\r\n");
    for (const RawTerms& terms : {utf8, ascii}) {
        const std::string fitted = whole(latin1, terms);
        EXPECT_TRUE(fits(fitted, RawForm::ascii));
        EXPECT_EQ(text_of(fitted), text_of(latin1));
        EXPECT_THAT(fitted, HasSubstr("Content-Transfer-Encoding: quoted-printable\r\n"));
        EXPECT_THAT(fitted, Not(HasSubstr("8bit")));
    }
}

TEST(RawMail, WithALongLineIsEncodedOnlyForSevenBits) {
    const std::string mail = head + "\r\n" + std::string(1200, 'x') + "\r\n";
    EXPECT_EQ(whole(mail, utf8), mail);
    const std::string fitted = whole(mail, ascii);
    EXPECT_TRUE(fits(fitted, RawForm::ascii));
    EXPECT_EQ(text_of(fitted), text_of(mail));
    const std::string just = head + "\r\n" + std::string(998, 'x') + "\r\n";
    EXPECT_EQ(whole(just, ascii), just);
}

TEST(RawMail, EncodesOnlyThePartsThatDoNotFit) {
    const std::string first = "--b\r\nContent-Type: text/plain\r\n\r\nplain  \r\n\r\n";
    const std::string last = "--b\r\n\r\nno header\r\n--b--\r\nepilogue";
    const std::string file = every_byte() + every_byte();
    const std::string mail = entity("Content-Type: multipart/mixed;\r\n boundary=\"b\"",
                                    "preamble\r\n" + first +
                                        "--b\r\nContent-Type: application/octet-stream\r\n"
                                        "Content-Transfer-Encoding: binary\r\n\r\n" +
                                        file + "\r\n" + last);
    for (const RawTerms& terms : {utf8, ascii}) {
        const std::string fitted = whole(mail, terms);
        EXPECT_TRUE(fits(fitted, RawForm::ascii));
        EXPECT_THAT(fitted, HasSubstr("preamble\r\n" + first));
        EXPECT_THAT(fitted, HasSubstr("\r\n" + last));
        const std::string begin = "Content-Transfer-Encoding: base64\r\n\r\n";
        const auto at = fitted.find(begin) + begin.size();
        std::string encoded = fitted.substr(at, fitted.find("\r\n--b", at) - at);
        std::erase_if(encoded, [](char c) { return c == '\r' || c == '\n'; });
        EXPECT_EQ(decoded(encoded), file);
    }
}

TEST(RawMail, ReplacesStrangeBytesAroundTheParts) {
    const std::string mail = entity("Content-Type: multipart/mixed; boundary=b",
                                    "pre\xFC\r\n--b\r\n\r\npart\r\n--b--\r\nafter\xFC\r\n--b\r\n");
    EXPECT_THAT(whole(mail, ascii),
                testing::EndsWith("pre?\r\n--b\r\n\r\npart\r\n--b--\r\nafter?\r\n--b\r\n"));
}

TEST(RawMail, OpensAttachedMessagesInsteadOfEncodingThem) {
    const std::string inner =
        "Subject: inner\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n\xE4\r\n";
    const std::string mail =
        entity("Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 8bit",
               "--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + inner +
                   "\r\n--b--\r\n");
    const std::string fitted = whole(mail, ascii);
    EXPECT_TRUE(fits(fitted, RawForm::ascii));
    EXPECT_THAT(fitted, HasSubstr("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
                                  "Subject: inner\r\n"));
    EXPECT_THAT(fitted, HasSubstr("quoted-printable\r\n\r\n=E4\r\n"));
}

TEST(RawMail, NeverTouchesWhatIsSignedOrEncrypted) {
    for (const std::string kind : {"signed", "encrypted"}) {
        const std::string sealed = "--b\r\nContent-Type: text/plain\r\n\r\n\xFC\r\n--b--\r\n";
        const std::string mail = entity("Content-Type: multipart/" + kind + "; boundary=b", sealed);
        for (const RawTerms& terms : {utf8, ascii}) {
            EXPECT_THAT(whole(mail, terms), HasSubstr(sealed));
            EXPECT_TRUE(made(mail, terms).unfit);
            const auto losses = raw_losses(mail::Message::from_bytes(mail), terms);
            ASSERT_EQ(losses.size(), 1U);
            EXPECT_EQ(losses[0].kind, Loss::Kind::shape);
        }
    }
}

TEST(RawMail, MendsEncodedPartsWithStrangeBytes) {
    const std::string quoted =
        entity("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable",
               "a=C3=A4 \xC3\xB6 soft=\r\n end\r\n" + std::string(1100, 'x') + "\r\n");
    EXPECT_TRUE(fits(whole(quoted, ascii), RawForm::ascii));
    EXPECT_EQ(text_of(whole(quoted, ascii)), text_of(quoted));
    const std::string base64 =
        entity("Content-Transfer-Encoding: base64", "\xC3\xB6" + std::string(2000, 'Q') + "\r\n");
    EXPECT_TRUE(fits(whole(base64, ascii), RawForm::ascii));
    EXPECT_EQ(text_of(whole(base64, ascii)), text_of(base64));
    const std::string odd = entity("Content-Transfer-Encoding: x-uuencode", "\xFC\r\n");
    EXPECT_TRUE(made(odd, utf8).unfit);
}

TEST(RawMail, WritesRawFieldsAsEncodedWords) {
    const std::string mail =
        "From: \"J\xC3\xB6rg, X\" <a@example.com>\r\nSubject: gr\xFC\xDF\r\nTo: b@example.net\r\n"
        "Content-Type: text/plain; name=\"b\xC3\xBC.txt\"\r\n\r\nbody\r\n";
    const auto message = mail::Message::from_bytes(whole(mail, ascii));
    EXPECT_TRUE(fits(message.bytes(), RawForm::ascii));
    EXPECT_EQ(message.subject(), "gr\xC3\xBC\xC3\x9F");
    EXPECT_THAT(message.header("From"), ElementsAre("J\xC3\xB6rg, X <a@example.com>"));
    EXPECT_THAT(message.header("To"), ElementsAre("b@example.net"));
    EXPECT_THAT(std::string(message.raw_header("Content-Type")), HasSubstr("name*="));
    EXPECT_THAT(whole(mail, utf8), HasSubstr("\"J\xC3\xB6rg, X\"")) << "UTF-8 stays, Latin-1 does not";
    EXPECT_TRUE(mail::is_utf8(whole(mail, utf8)));
}

TEST(RawMail, EveryByteSurvivesQuotedPrintableAndBase64) {
    const std::string all = every_byte();
    std::string quoted;
    append_quoted(quoted, all);
    const auto message = mail::Message::from_bytes(
        "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: "
        "quoted-printable\r\n\r\n" +
        quoted);
    EXPECT_THAT(message.text().utf8, HasSubstr("\xC3\xBF"));
    const RawMail raw = made(head + "\r\n" + all + all + "x", {.form = RawForm::bytes});
    std::string encoded;
    append_base64(encoded, raw);
    EXPECT_EQ(decoded(encoded), raw.header + all + all + "x");
    for (std::size_t cut = 0; cut < 8; ++cut) {
        encoded.clear();
        const std::string body = all.substr(0, cut);
        append_base64(encoded, made(head + "\r\n" + body, {.form = RawForm::bytes}));
        EXPECT_EQ(decoded(encoded), head + "\r\n" + body);
    }
}

TEST(RawMail, IsOneJsonString) {
    std::string low;
    for (char c = 1; c < 127; ++c) low += c;
    const std::string bytes = head + "\r\n" + low + "\xC3\xBC\r\n";
    std::string json = "\"";
    append_json(json, made(bytes, utf8));
    EXPECT_EQ(boost::json::parse(json + "\"").as_string(), bytes);
}

TEST(RawMail, IsRefusedWhereItsEnvelopeOrFromCannotBeTold) {
    const auto fault = [](const std::string& bytes, std::string sender, std::string recipient,
                          RawTerms terms) {
        const Outgoing mail{
            mail::Message::from_bytes(bytes), std::move(sender), {std::move(recipient)}, "1", false};
        const auto checked = check_raw(mail, terms);
        return checked ? "" : checked.error().text;
    };
    const RawTerms strict{.ascii_addresses = true};
    EXPECT_THAT(fault(head + "\r\n", "a@example.com", "b@example.net", strict), IsEmpty());
    EXPECT_THAT(fault(head + "\r\n", "", "b@example.net", {}), HasSubstr("null sender"));
    EXPECT_THAT(fault("To: b@example.net\r\n\r\n", "a@example.com", "b@example.net", {}),
                HasSubstr("no From"));
    EXPECT_THAT(fault(head + "\r\n", "a@example.com", "\xC3\xBC@example.net", strict),
                HasSubstr("recipient"));
    EXPECT_THAT(
        fault("From: \xC3\xBC@example.net\r\n\r\n", "a@example.com", "b@example.net", {.ascii_from = true}),
        HasSubstr("From"));
}

}  // namespace
}  // namespace mailrota::providers
