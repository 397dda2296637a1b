#include "tests/e2e/relay/mail_builder.h"
#include "tests/e2e/relay/message_set.h"

namespace mailrota::e2e {

namespace {

const std::string plain = part(text_fields("us-ascii", "7bit"), "See the file.\n");

std::string with(const std::string& one) { return multipart("mixed", {plain, one}); }

/// A file that is named by these parameters of its disposition.
std::string named(const std::string& parameters) {
    return with(file("application/octet-stream", "attachment" + parameters, "the bytes\x80\xFF"));
}

void add_names(std::vector<SetMail>& set) {
    const auto add = [&set](const std::string& name, const std::string& parameters) {
        set.push_back({name, set_mail(name, named(parameters))});
    };
    add("name-token", "; filename=plain.dat");
    add("name-quoted", "; filename=\"two words; and more.dat\"");
    add("name-escaped", "; filename=\"a \\\"quoted\\\" \\\\ name.dat\"");
    add("name-rfc2231", "; filename*=utf-8''Gr%C3%BC%C3%9Fe%20aus%20K%C3%B6ln.dat");
    add("name-rfc2231-latin1", "; filename*=iso-8859-1'de'K%F6ln.dat");
    add("name-rfc2231-continued",
        ";\n filename*0*=utf-8''a%20very%20;\n filename*1=\"long name \";\n filename*2*=%E2%82%AC.dat");
    add("name-rfc2047", "; filename=\"=?utf-8?Q?Gr=C3=BC=C3=9Fe.dat?=\"");
    add("name-raw-utf8",
        "; filename=\"Gr\xC3\xBC\xC3\x9F"
        "e.dat\"");
    add("name-emoji", "; filename*=utf-8''%F0%9F%98%80%20%D7%A9%D7%9C%D7%95%D7%9D.dat");
    add("name-japanese", "; filename*=utf-8''%E6%97%A5%E6%9C%AC%E8%AA%9E.dat");
    add("name-with-path", "; filename=\"C:\\\\temp\\\\a/b.dat\"");
    add("name-long", "; filename=\"" + std::string(200, 'n') + ".dat\"");
    add("name-none", "");
    add("name-dots", "; filename=\"..dat\"");
    add("name-with-percent", "; filename=\"100%25 & <more>.dat\"");
}

}  // namespace

void add_files(std::vector<SetMail>& set) {
    add_names(set);
    const auto add = [&set](const std::string& name, const std::string& rest,
                            std::set<std::string> refused = {}) {
        set.push_back({name, set_mail(name, rest), std::move(refused)});
    };
    add("name-in-type-only", with(file("image/png; name=\"in-type.png\"", "attachment", "\x89PNG")));
    add("names-differ",
        with(file("image/png; name=\"one.png\"", "attachment; filename=\"two.png\"", "\x89PNG")));
    add("file-of-all-bytes",
        with(file("application/octet-stream", "attachment; filename=all.dat", all_bytes(40))));
    add("file-quoted", with(part("Content-Type: application/octet-stream\nContent-Disposition: attachment; "
                                 "filename=q.dat\nContent-Transfer-Encoding: quoted-printable\n",
                                 "=00=01=02 text =FF=\n")));
    add("file-8bit", with(part("Content-Type: text/csv; charset=iso-8859-1\nContent-Disposition: attachment; "
                               "filename=towns.csv\nContent-Transfer-Encoding: 8bit\n",
                               "town;K\xF6ln\nriver;Rhein\n")));
    add("file-7bit-without-encoding",
        with(part("Content-Type: text/x-patch\nContent-Disposition: attachment; filename=a.patch\n",
                  "+ line  \n- line\n")));
    add("file-uuencoded",
        with(part("Content-Type: application/octet-stream\nContent-Disposition: attachment; "
                  "filename=u.dat\nContent-Transfer-Encoding: x-uuencode\n",
                  "begin 644 u.dat\n#0V%T\n`\nend\n")));
    add("file-empty", with(file("application/octet-stream", "attachment; filename=empty.dat", "")),
        {"sendgrid"});
    add("file-of-unknown-type",
        with(file("application/x-nobody-knows", "attachment; filename=a.unknown", "\x01\x02")));
    add("file-text",
        with(part("Content-Type: text/plain; charset=utf-8; name=notes.txt\nContent-Disposition: "
                  "attachment; filename=notes.txt\n",
                  "notes \xE2\x82\xAC\n")));
    add("file-html",
        with(file("text/html; charset=utf-8", "attachment; filename=page.html", "<p>\xC3\xA9</p>\n")));
    add("file-calendar",
        with(file("text/calendar; charset=utf-8", "attachment; filename=day.ics", "BEGIN:VCALENDAR\r\n")));
    add("file-as-root", file("application/pdf", "attachment; filename=root.pdf", "%PDF-1.4\xFF"));
    add("image-as-root", file("image/png", "inline", "\x89PNG\r\n\x1A\n"));
    add("file-large", with(file("application/zip", "attachment; filename=large.zip", all_bytes(1000))));
    std::vector<std::string> many = {plain};
    for (int i = 0; i < 30; ++i)
        many.push_back(file("text/csv", "attachment; filename=f" + std::to_string(i % 28) + ".csv",
                            "row " + std::to_string(i)));
    add("files-many", multipart("mixed", many));
}

}  // namespace mailrota::e2e
