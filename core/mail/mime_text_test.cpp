#include "core/mail/mime_text.h"

#include <gmock/gmock.h>

#include "core/mail/text_encoding.h"

namespace mailrota::mail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Found {
    std::string name, type;
    std::uint64_t size = 0;

    bool operator==(const Found&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Found& found) {
    return out << found.name << " " << found.type << " " << found.size;
}

std::vector<Found> found(const Message& message) {
    std::vector<Found> out;
    for (const Attachment& attachment : message.attachments()) {
        out.push_back({attachment.name, attachment.type, attachment.size});
    }
    return out;
}

Message mail(const std::string& header, const std::string& body) {
    return Message::from_bytes(header + "\r\n\r\n" + body);
}

// A multipart of these parts, each a header and a body already.
std::string parts(const std::string& boundary, const std::vector<std::string>& all) {
    std::string out;
    for (const std::string& part : all) {
        out += "--" + boundary + "\r\n" + part + "\r\n";
    }
    return out + "--" + boundary + "--\r\n";
}

Message mixed(const std::vector<std::string>& all) {
    return mail("Content-Type: multipart/mixed; boundary=b",
                "This is a preamble.\r\n" + parts("b", all) + "epilogue");
}

const std::string plain = "Content-Type: text/plain\r\n\r\nplain";
const std::string html = "Content-Type: text/html\r\n\r\n<p>html</p>";
const std::string pdf =
    "Content-Type: Application/PDF; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjc=";

TEST(MimeText, DecodesTransferEncodings) {
    const std::string utf8 = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ";
    EXPECT_EQ(mail(utf8 + "base64", "w6kNCmI=").text().utf8, "\xC3\xA9\nb\n");
    EXPECT_EQ(mail(utf8 + "quoted-printable", "=C3=A9 soft=\r\n break\r\n").text().utf8,
              "\xC3\xA9 soft break\n");
    EXPECT_EQ(mail(utf8 + "8bit", "\xC3\xA9\r\n").text().utf8, "\xC3\xA9\n");
    EXPECT_EQ(mail(utf8 + "bogus", "as it is").text().utf8, "as it is\n");
    EXPECT_EQ(mail(utf8 + "base64", "!!! no base64 ???").text().truncated, false);
    EXPECT_EQ(mail(utf8 + "x-uuencode", "begin 644 a\r\n#86)C\r\n`\r\nend\r\n").text().utf8, "abc\n");
}

TEST(MimeText, DecodesCharsets) {
    const std::string type = "Content-Type: text/plain; charset=";
    EXPECT_EQ(mail(type + "iso-8859-1", "caf\xE9").text().utf8, "caf\xC3\xA9\n");
    EXPECT_EQ(mail(type + "\"koi8-r\"", "\xF0").text().utf8, "\xD0\x9F\n");
    EXPECT_EQ(mail(type + "utf-16\r\nContent-Transfer-Encoding: base64", "/v8A6QAK").text().utf8,
              "\xC3\xA9\n");
    EXPECT_EQ(mail(type + "bogus", "\x80").text().utf8, "\xE2\x82\xAC\n");
    EXPECT_EQ(mail("Subject: no type", "\xE9\xE8").text().utf8, "\xC3\xA9\xC3\xA8\n");
    EXPECT_EQ(mail("Content-Type: garbage", "text").text().utf8, "text\n");
}

TEST(MimeText, ReadsMixedCharsetsInOrder) {
    const Message message = mixed({"Content-Type: text/plain; charset=iso-8859-1\r\n\r\n\xE9",
                                   "Content-Type: text/plain; charset=utf-8\r\n\r\n\xC3\xA8", html});
    EXPECT_EQ(message.text().utf8, "\xC3\xA9\n\xC3\xA8\nhtml\n");
    EXPECT_THAT(message.attachments(), IsEmpty());
}

TEST(MimeText, JoinsFlowedLines) {
    EXPECT_EQ(mail("Content-Type: text/plain; format=flowed", "one \r\ntwo\r\n").text().utf8, "one two\n");
    EXPECT_EQ(mail("Content-Type: text/plain; format=FLOWED; DelSp=Yes", "one \r\ntwo\r\n").text().utf8,
              "onetwo\n");
    EXPECT_EQ(mail("Content-Type: text/plain", "one \r\ntwo\r\n").text().utf8, "one \ntwo\n");
}

TEST(MimeText, PrefersPlainTextAmongAlternatives) {
    const std::string both = "Content-Type: multipart/alternative; boundary=a\r\n\r\n";
    EXPECT_EQ(mixed({both + parts("a", {plain, html})}).text().utf8, "plain\n");
    EXPECT_EQ(mixed({both + parts("a", {html, plain})}).text().utf8, "plain\n");
    EXPECT_EQ(mixed({both + parts("a", {html})}).text().utf8, "html\n");
    EXPECT_EQ(mixed({both + parts("a", {"Content-Type: text/plain\r\n\r\n \r\n", html})}).text().utf8,
              " \nhtml\n");
    EXPECT_EQ(mixed({both + parts("a", {plain, html}), html}).text().utf8, "plain\nhtml\n");
    EXPECT_EQ(mail("Content-Type: text/html; charset=utf-8", "<p>\xC3\xA9</p>").text().utf8, "\xC3\xA9\n");
}

TEST(MimeText, FindsTextAndImagesInNestedRelated) {
    const std::string image =
        "Content-Type: image/png\r\nContent-ID: <i>\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA";
    const std::string related =
        "Content-Type: multipart/related; boundary=r\r\n\r\n" + parts("r", {html, image});
    const std::string alternative = "Content-Type: multipart/alternative; boundary=a\r\n\r\n";
    const Message with_plain = mixed({alternative + parts("a", {plain, related}), pdf});
    EXPECT_EQ(with_plain.text().utf8, "plain\n");
    EXPECT_THAT(found(with_plain),
                ElementsAre(Found{"", "image/png", 3}, Found{"a.pdf", "application/pdf", 8}));
    const Message html_only = mixed({alternative + parts("a", {related})});
    EXPECT_EQ(html_only.text().utf8, "html\n");
    EXPECT_THAT(found(html_only), ElementsAre(Found{"", "image/png", 3}));
}

TEST(MimeText, TakesAnAttachmentAsRoot) {
    const Message message = Message::from_bytes(pdf);
    EXPECT_EQ(message.text().utf8, "");
    EXPECT_THAT(found(message), ElementsAre(Found{"a.pdf", "application/pdf", 8}));
    EXPECT_THAT(found(mixed({pdf})), ElementsAre(Found{"a.pdf", "application/pdf", 8}));
    EXPECT_EQ(mixed({pdf}).text().utf8, "");
}

TEST(MimeText, TakesAttachedTextForAFile) {
    const std::string file =
        "Content-Type: text/plain\r\nContent-Disposition: ATTACHMENT; filename=log.txt\r\n\r\nlog";
    EXPECT_EQ(mixed({plain, file}).text().utf8, "plain\n");
    EXPECT_THAT(found(mixed({plain, file})), ElementsAre(Found{"log.txt", "text/plain", 3}));
    EXPECT_THAT(found(Message::from_bytes(file)), ElementsAre(Found{"log.txt", "text/plain", 3}));
    EXPECT_THAT(found(mixed({"Content-Type: text/calendar\r\n\r\nBEGIN"})),
                ElementsAre(Found{"", "text/calendar", 5}));
}

TEST(MimeText, ReadsFileNames) {
    const std::string type = "Content-Type: application/pdf";
    const std::string empty = "Content-Disposition: attachment; filename";
    EXPECT_THAT(found(mixed({type + "\r\n" + empty + "*=utf-8''%E2%82%AC.pdf\r\n\r\n"})),
                ElementsAre(Found{"\xE2\x82\xAC.pdf", "application/pdf", 0}));
    EXPECT_THAT(found(mixed({type + "\r\n" + empty + "=\"=?utf-8?q?=C3=A9?=.pdf\"\r\n\r\n"})),
                ElementsAre(Found{"\xC3\xA9.pdf", "application/pdf", 0}));
    EXPECT_THAT(found(mixed({type + "\r\n" + empty + "=\"\xC3\xA9.pdf\"\r\n\r\n"})),
                ElementsAre(Found{"\xC3\xA9.pdf", "application/pdf", 0}));
    EXPECT_THAT(found(mixed({type + "\r\n" + empty + "*0=a;\r\n filename*1=b.pdf\r\n\r\n"})),
                ElementsAre(Found{"ab.pdf", "application/pdf", 0}));
    EXPECT_TRUE(
        is_utf8(mixed({type + "\r\n" + empty + "*=utf-8''%FF%FE.pdf\r\n\r\n"}).attachments().at(0).name));
}

TEST(MimeText, ListsAttachedMessagesWithTheirAttachments) {
    const std::string inner =
        "Subject: inner\r\nTo: ann@example.com\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n" +
        parts("i", {"Content-Type: text/plain\r\n\r\ninner text", pdf});
    const Message message = mixed({plain, "Content-Type: message/rfc822; name=inner.eml\r\n\r\n" + inner});
    EXPECT_EQ(message.text().utf8, "plain\n");
    EXPECT_THAT(found(message), ElementsAre(Found{"inner.eml", "message/rfc822", inner.size()},
                                            Found{"a.pdf", "application/pdf", 8}));
    const Message root = mail("Content-Type: message/rfc822", inner);
    EXPECT_THAT(root.attachments(), SizeIs(2));
    EXPECT_EQ(root.text().utf8, "");
}

TEST(MimeText, ReadsSignedMail) {
    const Message message = mail(
        "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; micalg=pgp-sha256; "
        "boundary=b",
        parts("b", {plain, "Content-Type: application/pgp-signature; name=s.asc\r\n\r\nsig"}));
    EXPECT_EQ(message.text().utf8, "plain\n");
    EXPECT_THAT(found(message), ElementsAre(Found{"s.asc", "application/pgp-signature", 3}));
}

TEST(MimeText, TakesTheFirstOfDoubledContentTypes) {
    EXPECT_EQ(mail("Content-Type: text/html\r\nContent-Type: text/plain", "<p>x</p>").text().utf8, "x\n");
    EXPECT_EQ(mail("Content-Type: text/plain\r\nContent-Type: text/html", "<p>x</p>").text().utf8,
              "<p>x</p>\n");
}

TEST(MimeText, ReadsBrokenMultiparts) {
    const std::string type = "Content-Type: multipart/mixed; boundary=b";
    EXPECT_EQ(mail(type, "--b\r\n\r\nunclosed").text().utf8, "unclosed\n");
    EXPECT_EQ(mail(type, "--b\r\n" + plain + "\r\n--b\r\nContent-Ty").text().utf8, "plain\n");
    EXPECT_EQ(mail(type, "no boundary at all").text().utf8, "no boundary at all\n");
    EXPECT_EQ(mail("Content-Type: multipart/mixed", "no boundary told").text().utf8, "no boundary told\n");
    EXPECT_EQ(mail(type, "").text().utf8, "");
    EXPECT_EQ(mail(type, "--b--\r\n").text().truncated, false);
    EXPECT_EQ(mail("Content-Type: multipart/mixed; boundary=\"\"", "x").text().truncated, false);
}

TEST(MimeText, IsUtf8WhateverTheBytes) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) {
        all += static_cast<char>(byte);
    }
    for (const char* type :
         {"text/plain", "text/html", "text/plain; charset=utf-8", "text/plain; charset=utf-7",
          "text/html; charset=gb18030", "multipart/mixed; boundary=b", "message/rfc822"}) {
        const Message message = mail(std::string("Content-Type: ") + type, all + "\r\n--b\r\n" + all + all);
        EXPECT_TRUE(is_utf8(message.text().utf8)) << type;
        EXPECT_FALSE(message.text().truncated) << type;
    }
    const std::string told = mail("Content-Type: text/plain; charset=iso-8859-1", all).text().utf8;
    EXPECT_GT(told.size(), 256U);
}

}  // namespace
}  // namespace mailrota::mail
