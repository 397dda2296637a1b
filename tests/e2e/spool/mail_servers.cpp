#include "tests/e2e/spool/mail_servers.h"

#include <algorithm>

#include "tests/rig/message_text.h"

namespace mailrota::e2e {

rig::Postfix& remote_postfix() {
    static rig::Postfix postfix([] {
        rig::PostfixOptions options;
        options.main_lines = {"myhostname = remote.example.net",
                              "smtpd_recipient_restrictions = check_recipient_access inline:{ { "
                              "no-such@example.com = 550 5.1.1 There is no such user } }"};
        return options;
    }());
    return postfix;
}

rig::Postfix& home_postfix() {
    static rig::Postfix postfix;
    return postfix;
}

rig::SmtpSinkOptions on_a_port(std::vector<std::string> switches) {
    rig::SmtpSinkOptions options;
    options.socket = rig::SmtpSinkOptions::Socket::inet;
    options.switches = std::move(switches);
    return options;
}

std::vector<std::string> contents(const rig::SmtpSink& sink) {
    std::vector<std::string> contents;
    for (auto& mail : sink.mails()) contents.push_back(std::move(mail.content));
    return contents;
}

std::vector<std::string> recipients(const rig::SmtpSink& sink) {
    std::vector<std::string> all;
    for (const auto& mail : sink.mails())
        for (const auto& recipient : mail.recipients)
            all.push_back(recipient.substr(1, recipient.find('>') - 1));
    std::ranges::sort(all);
    return all;
}

std::string mail(const std::string& subject) { return rig::MessageText::fresh(subject).text(); }

}  // namespace mailrota::e2e
