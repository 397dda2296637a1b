#include "tests/e2e/relay/mail_builder.h"
#include "tests/e2e/relay/message_set.h"

namespace mailrota::e2e {

namespace {

std::string lines(int count, const std::string& line) {
    std::string all;
    for (int i = 0; i < count; ++i) all += line + "\n";
    return all;
}

std::string repeated(int times, const std::string& text) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

}  // namespace

void add_texts(std::vector<SetMail>& set) {
    const auto add = [&set](const std::string& name, const std::string& fields, const std::string& body) {
        set.push_back({name, set_mail(name, part(fields, body))});
    };
    add("ascii", text_fields("us-ascii", "7bit"), "Hello Bob,\n\nthis is a text.\n-- \nAnn\n");
    add("no-content-type", "", "Just text.\n");
    add("utf8-8bit", text_fields("utf-8"),
        "Gr\xC3\xBC\xC3\x9F"
        "e, \xE2\x82\xAC 5, \xF0\x9F\x98\x80\n");
    add("utf8-quoted", text_fields("utf-8", "quoted-printable"),
        "Gr=C3=BC=C3=9Fe =3D soft=\n break, trailing blank=20\nand =E2=82=AC\n");
    add("utf8-base64", text_fields("\"UTF-8\"", "base64"),
        in_base64("Gr\xC3\xBC\xC3\x9F"
                  "e\r\nzwei Zeilen\r\n"));
    add("latin1-8bit", text_fields("iso-8859-1"),
        "Gr\xFC\xDF"
        "e aus K\xF6ln\n");
    add("latin1-quoted", text_fields("ISO-8859-1", "Quoted-Printable"), "Gr=FC=DFe aus K=F6ln\n");
    add("windows-1252", text_fields("windows-1252"),
        "\x93"
        "quoted\x94 \x80 5 \x96 done\x85\n");
    add("latin9", text_fields("iso-8859-15", "quoted-printable"), "5 =A4\n");
    add("koi8-r", text_fields("koi8-r"), "\xF0\xD2\xC9\xD7\xC5\xD4, \xED\xC9\xD2\n");
    add("shift-jis", text_fields("shift_jis", "base64"),
        in_base64("\x93\xFA\x96{\x8C\xEA\x82\xCC\x83\x81\x81[\x83\x8B\r\n"));
    add("iso-2022-jp", text_fields("iso-2022-jp", "7bit"), "\x1B$BF|K\\8l\x1B(B and text\n");
    add("gb18030", text_fields("gb18030", "base64"), in_base64("\xC4\xE3\xBA\xC3\r\n"));
    add("big5", text_fields("big5", "8bit"), "\xA7\x41\xA6\x6E\n");
    add("utf16-base64", text_fields("utf-16le", "base64"),
        in_base64(std::string_view("H\0i\0 \0\xFC\0\r\0\n\0", 12)));
    add("unknown-charset", text_fields("x-nobody-knows"), "plain words only\n");
    add("charset-undeclared-8bit", "Content-Type: text/plain\nContent-Transfer-Encoding: 8bit\n",
        "Gr\xC3\xBC\xC3\x9F"
        "e\n");
    add("ascii-that-is-utf8", text_fields("us-ascii"), "caf\xC3\xA9\n");
    add("format-flowed", "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=no\n",
        "A paragraph that goes \non over lines \nand ends.\n> quoted \n> text\n-- \nAnn\n");
    add("empty-body", "Content-Type: text/plain\n", "");
    add("blank-lines-only", "", "\n\n\n");
    add("no-final-newline", text_fields("utf-8", "7bit"), "the last line has no end");
    add("dots", "", ".\n..\n.hidden\n...three\nmiddle . dot\n.\n");
    add("long-line", text_fields("us-ascii", "7bit"), repeated(150, "12345678") + "\nshort\n");
    add("long-line-utf8", text_fields("utf-8"), repeated(700, "\xC3\xA9") + "\nshort\n");
    add("line-of-998", "", std::string(998, 'x') + "\n");
    add("blanks-at-line-ends", "", "two blanks  \ntab\t\n   indented\n");
    add("many-lines", "", lines(3000, "A line of a long text, one of three thousand."));
    add("from-at-line-begin", "", "From here on\n>From there\n");
    add("control-characters", text_fields("us-ascii", "7bit"), "form\ffeed, bell\a and escape\x1B[1m\n");
    add("mustaches", "", "Dear {{name}}, {{#if x}}you{{/if}} *|FNAME|* %recipient% <%= 1 %>\n");
    add("html-only", text_fields("utf-8", "8bit", "html"),
        "<p>Gr\xC3\xBC\xC3\x9F"
        "e &amp; <b>more</b></p>\n");
    add("html-latin1", text_fields("iso-8859-1", "quoted-printable", "html"),
        "<meta charset=3D\"iso-8859-1\"><p>K=F6ln</p>\n");
    add("pgp-inline", text_fields("us-ascii", "7bit"),
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- -- \nAnn\n-----BEGIN PGP "
        "SIGNATURE-----\n\niQEz\n"
        "-----END PGP SIGNATURE-----\n");
    set.push_back({"subject-with-template",
                   "From: ann@example.com\nTo: bob@example.net\nSubject: {{x}} for you\nMessage-ID: "
                   "<template@set.example.com>\n\nHi\n",
                   {"sparkpost"}});
}

}  // namespace mailrota::e2e
