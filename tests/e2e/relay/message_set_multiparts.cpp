#include "tests/e2e/relay/mail_builder.h"
#include "tests/e2e/relay/message_set.h"

namespace mailrota::e2e {

namespace {

const std::string plain = part(text_fields("utf-8"),
                               "Plain gr\xC3\xBC\xC3\x9F"
                               "e\n");
const std::string html = part(text_fields("utf-8", "quoted-printable", "html"),
                              "<p>HTML gr=C3=BC=C3=9Fe <img src=3D\"cid:logo@example.com\"></p>\n");
const std::string logo = file("image/png; name=\"logo.png\"", "inline; filename=\"logo.png\"",
                              "\x89PNG\r\n\x1A\n"
                              "123",
                              "Content-ID: <logo@example.com>\n");
const std::string pdf =
    file("application/pdf; name=\"a.pdf\"", "attachment; filename=\"a.pdf\"", "%PDF-1.4 \xFF\xFE");

}  // namespace

void add_multiparts(std::vector<SetMail>& set) {
    const auto add = [&set](const std::string& name, const std::string& rest,
                            std::set<std::string> refused = {}, std::set<std::string> details = {}) {
        set.push_back({name, set_mail(name, rest), std::move(refused), std::move(details)});
    };
    add("alternative", multipart("alternative", {plain, html}));
    add("alternative-html-first", multipart("alternative", {html, plain}));
    add("alternative-of-one", multipart("alternative", {plain}));
    add("alternative-amp",
        multipart("alternative",
                  {plain, part(text_fields("utf-8", "7bit", "x-amp-html"), "<html amp4email>\n"), html}),
        {}, {"text/x-amp-html"});
    add("inline-image", multipart("alternative", {plain, multipart("related", {html, logo})}));
    add("related-with-start",
        multipart("related; start=\"<body@example.com>\"",
                  {logo, part("Content-ID: <body@example.com>\n" + text_fields("utf-8", "7bit", "html"),
                              "<img src=\"cid:logo@example.com\">\n")}));
    add("related-around-alternative", multipart("related", {multipart("alternative", {plain, html}), logo}));
    add("mixed-nested",
        multipart("mixed", {multipart("alternative", {plain, multipart("related", {html, logo})}), pdf}));
    add("mixed-in-mixed", multipart("mixed", {multipart("mixed", {plain, pdf}), pdf}));
    add("two-images-one-html",
        multipart("related",
                  {html, logo, file("image/gif", "inline", "GIF89a", "Content-ID: <two@example.com>\n")}));
    add("inline-image-without-id",
        multipart("mixed", {plain, file("image/jpeg", "inline; filename=photo.jpg", "\xFF\xD8\xFF\xE0")}));
    std::string deep = plain;
    for (int i = 0; i < 12; ++i) deep = multipart("mixed", {deep});
    add("deep", deep);
    add("html-and-attachment", multipart("mixed", {html, pdf}));
    add("attachment-only", multipart("mixed", {pdf}));
    add("preamble-and-epilogue", "Content-Type: multipart/mixed; boundary=\"b\"\n\nThis is MIME.\n--b\n" +
                                     plain + "\n--b\n" + pdf + "\n--b--\nthe end\n");
    add("no-closing-boundary",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n" + plain + "\n--b\n" + pdf);
    add("boundary-with-odd-characters",
        "Content-Type: multipart/mixed; boundary=\"=_(a)+b/c:d?e='f\"\n\n--=_(a)+b/c:d?e='f\n" + plain +
            "\n--=_(a)+b/c:d?e='f--\n");
    add("two-plain-texts", multipart("mixed", {plain, part(text_fields("us-ascii", "7bit"), "A footer.\n")}));
    add("text-image-text",
        multipart("mixed", {plain, logo, part(text_fields("us-ascii", "7bit"), "Behind it.\n")}),
        json_kinds());
    add("digest", multipart("digest", {"\nFrom: x@example.com\nSubject: one\n\nfirst\n"}), json_kinds());
    add("empty-text-and-file", multipart("mixed", {part(text_fields("us-ascii", "7bit"), ""), pdf}));
    add("different-encodings",
        multipart("alternative", {part(text_fields("iso-8859-1"), "K\xF6ln\n"),
                                  part(text_fields("windows-1252", "8bit", "html"), "<p>\x80</p>\n")}));
    add("invitation",
        multipart("alternative", {plain, part("Content-Type: text/calendar; method=REQUEST; charset=utf-8\n",
                                              "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n")}),
        json_kinds());
    add("invitation-as-file",
        multipart(
            "mixed",
            {plain, part("Content-Type: text/calendar; method=REQUEST; name=invite.ics\nContent-Disposition: "
                         "attachment; filename=invite.ics\n",
                         "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n")}),
        json_kinds());
}

}  // namespace mailrota::e2e
