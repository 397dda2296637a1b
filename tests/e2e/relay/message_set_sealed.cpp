#include "tests/e2e/relay/mail_builder.h"
#include "tests/e2e/relay/message_set.h"

namespace mailrota::e2e {

namespace {

const std::string plain = part(text_fields("us-ascii", "7bit"), "A text.\n");
const std::string signature =
    part("Content-Type: application/pgp-signature; name=signature.asc\n",
         "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEE\n-----END PGP SIGNATURE-----\n");
const std::string pgp_signed = "signed; micalg=pgp-sha256; protocol=\"application/pgp-signature\"";

std::string report(const std::string& kind, const std::string& type) {
    return multipart("report; report-type=" + kind,
                     {plain,
                      part("Content-Type: message/" + type + "\n",
                           "Reporting-MTA: dns; mx.example.com\n\n"
                           "Final-Recipient: rfc822; gone@example.net\nAction: failed\nStatus: 5.1.1\n"),
                      part("Content-Type: text/rfc822-headers\n", "Subject: of the other\n")});
}

}  // namespace

void add_sealed(std::vector<SetMail>& set) {
    const auto add = [&set](const std::string& name, const std::string& rest, std::set<std::string> refused) {
        set.push_back({name, set_mail(name, rest), std::move(refused)});
    };
    auto json_and_ses = json_kinds();
    json_and_ses.insert("ses");
    auto bytes_only = json_and_ses;
    bytes_only.insert({"mandrill", "sparkpost"});
    add("pgp-signed", multipart(pgp_signed, {plain, signature}), json_kinds());
    add("pgp-signed-utf8", multipart(pgp_signed, {part(text_fields("utf-8"), "caf\xC3\xA9\n"), signature}),
        json_and_ses);
    add("pgp-signed-latin1", multipart(pgp_signed, {part(text_fields("iso-8859-1"), "caf\xE9\n"), signature}),
        bytes_only);
    add("pgp-signed-long-line", multipart(pgp_signed, {part("", std::string(1200, 'l') + "\n"), signature}),
        json_and_ses);
    add("pgp-signed-with-file",
        multipart(pgp_signed,
                  {multipart("mixed", {plain, file("application/pdf", "attachment; filename=a.pdf", "%PDF")}),
                   signature}),
        json_kinds());
    add("pgp-encrypted",
        multipart("encrypted; protocol=\"application/pgp-encrypted\"",
                  {part("Content-Type: application/pgp-encrypted\n", "Version: 1\n"),
                   part("Content-Type: application/octet-stream; name=encrypted.asc\n",
                        "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n")}),
        json_kinds());
    add("smime-signed",
        multipart("signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256",
                  {plain, file("application/pkcs7-signature; name=smime.p7s",
                               "attachment; filename=smime.p7s", "\x30\x82\x01")}),
        json_kinds());
    add("smime-opaque",
        file("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
             "attachment; filename=smime.p7m", "\x30\x82\x02"),
        json_kinds());
    add("smime-encrypted",
        file("application/x-pkcs7-mime; smime-type=enveloped-data", "inline", "\x30\x82\x03"), json_kinds());
    add("dsn", report("delivery-status", "delivery-status"), json_kinds());
    add("mdn", report("disposition-notification", "disposition-notification"), json_kinds());
    add("attached-message",
        multipart("mixed",
                  {plain, part("Content-Type: message/rfc822\nContent-Disposition: attachment\n",
                               "From: eve@example.org\nSubject: =?utf-8?Q?inner_=C3=A9?=\n\nInside.\n")}),
        json_kinds());
    add("attached-message-8bit",
        multipart("mixed", {plain, part("Content-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n",
                                        "From: eve@example.org\nSubject: inner\n" + text_fields("utf-8") +
                                            "\ncaf\xC3\xA9\n")}),
        json_kinds());
}

}  // namespace mailrota::e2e
