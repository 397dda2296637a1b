// A mail in pieces: what each piece is, and that nothing is left out without being told.
#include "core/mail/parts.h"

#include <gmock/gmock.h>

#include "core/mail/text_encoding.h"

namespace mailrota::mail {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Parts of(std::string bytes) { return take_apart(Message::from_bytes(std::move(bytes))); }

Parts of_body(const std::string& type, const std::string& body) {
    const std::string end = type.starts_with("multipart/") ? "--b--\r\n" : "";
    return of("From: a@example.com\r\nContent-Type: " + type + "\r\n\r\n" + body + end);
}

std::string part(const std::string& header, const std::string& body) {
    return "--b\r\n" + header + "\r\n\r\n" + body + "\r\n";
}

std::vector<std::string> shapes(const Parts& parts) {
    std::vector<std::string> texts;
    for (const auto& loss : parts.losses)
        if (loss.shape) texts.push_back(loss.text);
    return texts;
}

std::vector<std::string> details(const Parts& parts) {
    std::vector<std::string> texts;
    for (const auto& loss : parts.losses)
        if (!loss.shape) texts.push_back(loss.text);
    return texts;
}

std::vector<std::string> addresses(const std::vector<Mailbox>& mailboxes) {
    std::vector<std::string> out;
    for (const Mailbox& each : mailboxes) out.push_back(each.name + "|" + each.address.text());
    return out;
}

TEST(Parts, HaveTheHeadersAddressesWithTheirNames) {
    const Parts parts =
        of("From: =?utf-8?B?SsO8?= =?utf-8?B?cmdlbg==?= <a@example.com>\r\nTo: \"Last, First\" "
           "<b@example.com>,\r\n"
           " team: c@example.com, D <d@example.com>;\r\nCc: undisclosed-recipients:;\r\nCC: e@example.com "
           "(E)\r\n"
           "Reply-To: r@example.com\r\nSubject: =?iso-8859-1?Q?=E9t=E9?=\r\n\r\nx");
    EXPECT_THAT(addresses(parts.from), ElementsAre("J\xC3\xBCrgen|a@example.com"));
    EXPECT_THAT(addresses(parts.to),
                ElementsAre("Last, First|b@example.com", "|c@example.com", "D|d@example.com"));
    EXPECT_THAT(addresses(parts.cc), ElementsAre("E|e@example.com"));
    EXPECT_THAT(addresses(parts.reply_to), ElementsAre("|r@example.com"));
    EXPECT_EQ(parts.subject, "\xC3\xA9t\xC3\xA9");
    EXPECT_EQ(parts.text, "x");
}

TEST(Parts, KeepAllOtherFieldsInOrderOnOneLine) {
    const Parts parts =
        of("Received: by a;\r\n\tdate\r\nFrom: a@example.com\r\nMessage-ID: <1@example.com>\r\nX-A: "
           "1\r\nX-A: 2\r\n"
           "Bcc: z@example.com\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\nX-B: "
           "=?utf-8?Q?=E2=82=AC?=\r\n"
           "X-C: \xE9\r\nSubject: s\r\nSubject: t\r\nDate: d\r\nDate: e\r\n\r\nx");
    EXPECT_THAT(parts.fields,
                ElementsAre(HeaderField{"Received", "by a; date"},
                            HeaderField{"Message-ID", "<1@example.com>"}, HeaderField{"X-A", "1"},
                            HeaderField{"X-A", "2"}, HeaderField{"X-B", "=?utf-8?Q?=E2=82=AC?="},
                            HeaderField{"X-C", "\xC3\xA9"}, HeaderField{"Date", "d"}));
    EXPECT_EQ(parts.subject, "s");
    EXPECT_THAT(details(parts), ElementsAre("a second Subject field", "a second Date field"));
}

TEST(Parts, OfAnOrdinaryMailLoseNothing) {
    const Parts parts = of_body(
        "multipart/mixed; boundary=a",
        "--a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n" +
            part(
                "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable",
                "=E9t=E9\r\n") +
            "--b\r\nContent-Type: multipart/related; boundary=c\r\n\r\n--c\r\nContent-Type: text/html; "
            "charset=utf-8\r\n\r\n<img src=\"cid:i@x\">\r\n--c\r\nContent-Type: image/PNG\r\n"
            "Content-ID: <i@x>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--c--\r\n--b--\r\n"
            "--a\r\nContent-Type: text/csv; charset=utf-16; "
            "name*=utf-8''%E2%82%AC.csv\r\nContent-Disposition: "
            "attachment\r\n\r\n1,2\r\n--a--\r\n");
    EXPECT_EQ(parts.text, "\xC3\xA9t\xC3\xA9\n");
    EXPECT_EQ(parts.html, "<img src=\"cid:i@x\">");
    ASSERT_EQ(parts.files.size(), 2U);
    EXPECT_EQ(parts.files[0].type, "image/png");
    EXPECT_EQ(parts.files[0].content_id, "i@x");
    EXPECT_TRUE(parts.files[0].shown);
    EXPECT_EQ(parts.files[0].bytes, "\x89PNG");
    EXPECT_EQ(parts.files[1].name, "\xE2\x82\xAC.csv");
    EXPECT_EQ(parts.files[1].parameters, "; charset=utf-16");
    EXPECT_FALSE(parts.files[1].shown);
    EXPECT_EQ(parts.files[1].bytes, "1,2");
    EXPECT_THAT(parts.losses, IsEmpty());
}

TEST(Parts, OfABodyThatIsAFileAreThatFile) {
    const Parts parts = of_body("application/pdf; name=x.pdf", "%PDF");
    EXPECT_EQ(parts.text, std::nullopt);
    ASSERT_EQ(parts.files.size(), 1U);
    EXPECT_EQ(parts.files[0].bytes, "%PDF");
    EXPECT_THAT(parts.losses, IsEmpty());
}

TEST(Parts, TellWhatBreaks) {
    const std::vector<std::pair<std::string, std::string>> table{
        {"multipart/signed; boundary=b",
         part("Content-Type: text/plain", "x") + part("Content-Type: application/pgp-signature", "s")},
        {"multipart/encrypted; boundary=b", part("Content-Type: application/pgp-encrypted", "Version: 1") +
                                                part("Content-Type: application/octet-stream", "e")},
        {"application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "p"},
        {"multipart/report; report-type=delivery-status; boundary=b",
         part("Content-Type: text/plain", "x") +
             part("Content-Type: message/delivery-status", "Action: failed")},
        {"multipart/mixed; boundary=b",
         part("Content-Type: text/plain", "x") + part("Content-Type: message/rfc822", "Subject: s\r\n\r\ny")},
        {"message/rfc822", "Subject: s\r\n\r\ny"},
        {"multipart/alternative; boundary=b",
         part("Content-Type: text/plain", "x") +
             part("Content-Type: text/calendar; method=REQUEST", "BEGIN")},
        {"text/calendar; method=REQUEST", "BEGIN:VCALENDAR"},
        {"multipart/mixed; boundary=b",
         part("Content-Type: text/html", "<p>x") + part("Content-Type: text/plain", "footer")},
        {"multipart/alternative; boundary=b",
         part("Content-Type: text/plain", "x") + part("Content-Type: text/plain", "y")},
        {"multipart/mixed; boundary=b", "no boundary"},
    };
    for (const auto& [type, body] : table) EXPECT_FALSE(shapes(of_body(type, body)).empty()) << type << body;
}

TEST(Parts, CarryWhatBreaksAllTheSame) {
    const Parts list = of_body("multipart/mixed; boundary=b", part("Content-Type: text/html", "<p>x") +
                                                                  part("Content-Type: text/plain", "footer"));
    EXPECT_EQ(list.html, "<p>x");
    ASSERT_EQ(list.files.size(), 1U);
    EXPECT_EQ(list.files[0].bytes, "footer");
    const Parts report = of_body(
        "multipart/mixed; boundary=b",
        part("Content-Type: text/plain", "x") + part("Content-Type: message/rfc822", "Subject: s\r\n\r\ny"));
    EXPECT_EQ(report.text, "x");
    ASSERT_EQ(report.files.size(), 1U);
    EXPECT_EQ(report.files[0].bytes, "Subject: s\r\n\r\ny");
    const Parts sealed =
        of_body("multipart/signed; boundary=b",
                part("Content-Type: text/plain", "x") + part("Content-Type: application/pgp-signature", "s"));
    EXPECT_EQ(sealed.text, "x");
    EXPECT_THAT(sealed.files, IsEmpty());
}

TEST(Parts, TellWhatMostReadersDoNotNotice) {
    const std::vector<std::pair<std::string, std::string>> table{
        {"text/plain; charset=x-nobody-knows", "x"},
        {"text/plain; charset=utf-8", "\xE9"},
        {"text/plain; format=flowed", "x"},
        {"text/plain", "-----BEGIN PGP SIGNED MESSAGE-----\r\n"},
        {"multipart/mixed; boundary=b",
         part("Content-Type: text/plain", "x") + part("Content-Type: text/plain", "y")},
        {"multipart/alternative; boundary=b",
         part("Content-Type: text/plain", "x") + part("Content-Type: text/x-amp-html", "y")},
        {"multipart/mixed; boundary=b", part("Content-Type: text/plain\r\nContent-Language: de", "x")},
    };
    for (const auto& [type, body] : table) {
        const Parts parts = of_body(type, body);
        EXPECT_FALSE(details(parts).empty()) << type << body;
        EXPECT_THAT(shapes(parts), IsEmpty()) << type << body;
    }
    EXPECT_EQ(of_body("multipart/mixed; boundary=b",
                      part("Content-Type: text/plain", "x") + part("Content-Type: text/plain", "y"))
                  .text,
              "x\ny");
}

TEST(Parts, OfAnInvitationAttachedAsAFileAreWhole) {
    const Parts parts = of_body("multipart/mixed; boundary=b",
                                part("Content-Type: text/plain", "x") +
                                    part("Content-Type: text/calendar; name=i.ics\r\nContent-Disposition: "
                                         "attachment; filename=i.ics",
                                         "BEGIN"));
    EXPECT_THAT(parts.losses, IsEmpty());
    EXPECT_EQ(parts.files.at(0).name, "i.ics");
}

TEST(Parts, OfNothingAreEmpty) {
    const Parts parts = of("");
    EXPECT_THAT(parts.from, IsEmpty());
    EXPECT_THAT(parts.fields, IsEmpty());
    EXPECT_THAT(parts.files, IsEmpty());
    EXPECT_THAT(parts.losses, IsEmpty());
}

TEST(Parts, OfHostileMailAreBounded) {
    std::string many;
    for (int i = 0; i < 10'000; ++i) many += part("Content-Type: image/png", "x");
    const Parts wide = of_body("multipart/mixed; boundary=b", many);
    EXPECT_LE(wide.files.size(), 1000U);
    EXPECT_THAT(shapes(wide), ElementsAre(HasSubstr("more parts")));

    std::string deep;
    for (int i = 0; i < 5000; ++i) {
        deep += "--b" + std::to_string(i) + "\r\nContent-Type: multipart/mixed; boundary=b" +
                std::to_string(i + 1) + "\r\n\r\n";
    }
    EXPECT_THAT(shapes(of_body("multipart/mixed; boundary=b0", deep)), ElementsAre(HasSubstr("more parts")));

    std::string long_list = "To: ";
    for (int i = 0; i < 100'000; ++i) long_list += "a,";
    EXPECT_FALSE(details(of(long_list + "\r\n\r\nx")).empty());

    const std::string long_text(3'000'000, '\xE9');
    EXPECT_TRUE(is_utf8(of_body("text/plain; charset=iso-8859-1", long_text).text.value()));
}

}  // namespace
}  // namespace mailrota::mail
