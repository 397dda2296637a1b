#include "tests/e2e/relay/mail_builder.h"
#include "tests/e2e/relay/message_set.h"

namespace mailrota::e2e {

namespace {

std::string references(int count) {
    std::string all = "References:";
    for (int i = 0; i < count; ++i) all += "\n <reference." + std::to_string(i) + "@thread.example.com>";
    return all + "\nIn-Reply-To: <reference." + std::to_string(count - 1) + "@thread.example.com>\n";
}

/// Without the fields that set_mail() gives.
std::string bare(const std::string& fields) {
    return fields + "Date: Mon, 02 Mar 2026 09:00:00 +0100\n\nText.\n";
}

constexpr auto ann = "From: ann@example.com\nTo: bob@example.net\n";

void add_subjects(std::vector<SetMail>& set) {
    const auto add = [&set](const std::string& name, const std::string& subject) {
        set.push_back({name, bare(ann + subject + "Message-ID: <" + name + "@set.example.com>\n")});
    };
    add("subject-none", "");
    add("subject-empty", "Subject:\n");
    add("subject-encoded-q", "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_aus_K=C3=B6ln?=\n");
    add("subject-encoded-b", "Subject: =?UTF-8?B?8J+YgCBzbWlsZQ==?=\n");
    add("subject-two-charsets", "Subject: =?iso-8859-1?Q?K=F6ln?= and =?koi8-r?B?8NLJ18XU?=\n");
    add("subject-split-words", "Subject: =?utf-8?Q?one_?=\n =?utf-8?Q?word?= then text\n");
    add("subject-raw-utf8",
        "Subject: Gr\xC3\xBC\xC3\x9F"
        "e\n");
    add("subject-raw-latin1",
        "Subject: Gr\xFC\xDF"
        "e\n");
    add("subject-long", "Subject: " + std::string(80, 'a') + "\n " + std::string(80, 'b') + "\n\t" +
                            std::string(80, 'c') + "\n");
    add("subject-quotes", "Subject: \"quoted\" \\ back, <angle> & 'single' =3D\n");
}

}  // namespace

void add_headers(std::vector<SetMail>& set) {
    add_subjects(set);
    const auto add = [&set](const std::string& name, const std::string& fields,
                            std::set<std::string> details = {}) {
        set.push_back({name, set_mail(name, "\nText.\n", fields), {}, std::move(details)});
    };
    add("field-of-998", "X-Long: " + std::string(990, 'x') + "\n");
    add("many-references", references(100));
    add("folded-fields", "X-Folded: one\n two\n\tthree\nX-Tabbed:\tafter a tab\n");
    add("encoded-field", "X-Encoded: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\nComments: =?iso-8859-1?Q?K=F6ln?=\n");
    add("raw-8bit-field", "X-Raw: caf\xC3\xA9\n");
    add("odd-case-of-names", "x-lower: 1\nX-UPPER: 2\nx-MiXeD-nAmE: 3\n");
    add("list-fields",
        "List-Id: A list <list.example.com>\nList-Unsubscribe: <https://example.com/u?x=1&y=2>,\n "
        "<mailto:leave@example.com>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\nPrecedence: bulk\n");
    add("reply-to", "Reply-To: Answers <answers@example.org>\n");
    add("reply-to-two", "Reply-To: One <one@example.org>, two@example.org\n");
    add("automatic", "Auto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\n");
    add("priority",
        "X-Priority: 1 (Highest)\nImportance: high\nX-Mailer: Example 1.0\nOrganization: Example\n");
    add("sender", "Sender: secretary@example.com\n", {"sender"});
    add("repeated-field", "X-Twice: first\nX-Twice: second\n", {"x-twice"});
    add("resent",
        "Resent-From: ann@example.com\nResent-To: eve@example.net\nResent-Date: Mon, 02 Mar 2026 "
        "10:00:00 +0100\n");
    add("received",
        "Received: from a.example.com by b.example.com; Mon, 02 Mar 2026 09:00:00 +0100\n"
        "Received: from c.example.com by a.example.com; Mon, 02 Mar 2026 08:59:00 +0100\n");
    add("dkim", "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=k; h=from:subject;\n bh=abc=; b=def=\n");
    add("bcc", "Bcc: secret@example.org\nResent-Bcc: other@example.org\n");
    add("control", "X-MC-BccAddress: spy@example.org\nX-SMTPAPI: {}\nX-PM-Tag: x\nX-MSYS-API: {}\n");
    const auto from = [&set](const std::string& name, const std::string& fields) {
        set.push_back(
            {name, bare(fields + "Subject: " + name + "\nMessage-ID: <" + name + "@set.example.com>\n")});
    };
    from("from-quoted-name",
         "From: \"Example, Ann (Dr.) \\\"A\\\"\" <ann@example.com>\nTo: bob@example.net\n");
    from("from-encoded-name", "From: =?utf-8?Q?Ann_M=C3=BCller?= <ann@example.com>\nTo: bob@example.net\n");
    from("from-comment", "From: ann@example.com (Ann Example)\nTo: bob@example.net\n");
    from("undisclosed", "From: ann@example.com\nTo: undisclosed-recipients:;\n");
    from("to-of-many",
         "From: ann@example.com\nTo: \"A, B\" <ab@example.org>, team: c@example.org, d@example.org;\n"
         "Cc: =?utf-8?Q?J=C3=B6rg?= <joerg@example.org>\n");
    from("no-to", "From: ann@example.com\n");
}

}  // namespace mailrota::e2e
