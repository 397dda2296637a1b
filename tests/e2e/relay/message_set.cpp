#include "tests/e2e/relay/message_set.h"

namespace mailrota::e2e {

std::string set_mail(const std::string& name, const std::string& rest, const std::string& fields) {
    return "From: Ann Example <ann@example.com>\nTo: Bob Example <bob@example.net>\nSubject: Of the set: " +
           name + "\nDate: Mon, 02 Mar 2026 09:00:00 +0100\nMessage-ID: <" + name + "@set.example.com>\n" +
           fields + "MIME-Version: 1.0\n" + rest;
}

const std::set<std::string>& json_kinds() {
    static const std::set<std::string> kinds = {"sendgrid", "postmark", "resend"};
    return kinds;
}

const std::vector<SetMail>& message_set() {
    static const std::vector<SetMail> set = [] {
        std::vector<SetMail> mails;
        add_texts(mails);
        add_headers(mails);
        add_multiparts(mails);
        add_files(mails);
        add_sealed(mails);
        return mails;
    }();
    return set;
}

}  // namespace mailrota::e2e
