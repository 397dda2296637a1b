#include "tests/e2e/alerts/mails.h"

#include <unistd.h>

#include <array>
#include <string_view>

namespace mailrota::e2e {
namespace {

/// Brackets too, and lines that are broken in the middle of words.
std::string quoted_printable(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::size_t longest = 30;
    std::string text;
    std::size_t column = 0;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (column >= longest && c != '\n') {
            text += "=\n";
            column = 0;
        }
        const bool plain = c == '\n' || c == ' ' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (plain) {
            text += c;
        } else {
            text += '=';
            text += digits[byte >> 4];
            text += digits[byte & 15];
        }
        column = c == '\n' ? 0 : column + 1;
    }
    return text;
}

constexpr std::string_view redmine = R"(
key = "{ticket}"
say = "Emergency ticket {ticket}, project {project}, raised by {who}."
text = "Emergency {ticket} ({project}) by {who}"
escalate = [ {steps} ]
{more}

[[rule]]
name = "{name}: raised"
when.rcpt = "{name}@example.com"
when.header.X-Redmine-Issue-Id = '/^(?<ticket>\d+)$/'
when.header.X-Redmine-Project = '/^(?<project>.+)$/'
when.all = [
    { body = '/^\W*Issue #\d+ has been updated by (?<who>.+)\.$/m' },
    { body = '/^\W*Priority changed from .+ to Emergency \(Critical\)/m' },
]
then = [{ alert = "{name}" }]

[[rule]]
name = "{name}: new"
when.rcpt = "{name}@example.com"
when.header.X-Redmine-Issue-Id = '/^(?<ticket>\d+)$/'
when.header.X-Redmine-Project = '/^(?<project>.+)$/'
when.all = [
    { body = '/^\W*Issue #\d+ has been reported by (?<who>.+)\.$/m' },
    { body = '/^\W*Priority: Emergency \(Critical\)/m' },
]
then = [{ alert = "{name}" }]

[[rule]]
name = "{name}: over"
when.rcpt = "{name}@example.com"
when.header.X-Redmine-Issue-Id = '/^(?<ticket>\d+)$/'
when.body = '/^\W*Status changed from .+ to Closed/m'
then = [{ resolve = "{name}" }]
)";

std::string filled(std::string text, std::string_view name, std::string_view value) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
    return text;
}

std::string ticket_subject(const TicketMail& mail) {
    return mail.subject.empty() ? "[" + mail.project + " - Support #" + mail.ticket + "] Array degraded"
                                : mail.subject;
}

std::string original(const std::string& sent, const std::string& text) {
    return "\n\n-----Original Message-----\nFrom: storage@example.com [mailto:storage@example.com]\nSent: "
           "Friday, November 20, 2026 " +
           sent + "\nSubject: [storage - Support #86581] Array degraded\n\n" + text;
}

}  // namespace

std::string base64(std::string_view bytes) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        unsigned bits = 0;
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
        for (std::size_t i = 0; i < 3; ++i)
            bits = bits << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i) text += i > count ? '=' : letters[bits >> (18 - 6 * i) & 63];
    }
    return text;
}

std::string TicketMail::mail() const {
    static int count = 0;
    const std::string id = std::to_string(::getpid()) + "." + std::to_string(++count);
    const std::string body = encoding == "base64"             ? base64(text) + "\n"
                             : encoding == "quoted-printable" ? quoted_printable(text)
                                                              : text;
    return "From: " + sender + "\nTo: oncall@example.com\nSubject: " + ticket_subject(*this) +
           "\nDate: Fri, 20 Nov 2026 08:15:00 +0000\nMessage-ID: <" + id +
           "@redmine.example.com>\nX-Redmine-Issue-Id: " + ticket + "\nX-Redmine-Project: " + project + "\n" +
           more_headers + "MIME-Version: 1.0\nContent-Type: " + type +
           "\nContent-Transfer-Encoding: " + encoding + "\n\n" + body;
}

TicketMail raised(const std::string& ticket, const std::string& who, const std::string& prefix,
                  const std::string& old) {
    TicketMail mail;
    mail.ticket = ticket;
    mail.text = "Issue #" + ticket + " has been updated by " + who + ".\n\n" + prefix +
                "Priority changed from " + old + " to Emergency (Critical)\n\nThe array is empty.\n";
    return mail;
}

TicketMail new_ticket(const std::string& ticket, const std::string& who) {
    TicketMail mail;
    mail.ticket = ticket;
    mail.subject = "[storage - Bug #" + ticket + "] (New) Restore fails";
    mail.text =
        "Issue #" + ticket + " has been reported by " + who +
        ".\n\n----------------------------------------\nBug #" + ticket +
        ": Restore fails\n\n* Author: " + who +
        "\n* Status: New\n* Priority: Emergency (Critical)\n----------------------------------------\n"
        "The restore ends at 3 %.\n";
    return mail;
}

TicketMail closed(const std::string& ticket) {
    TicketMail mail;
    mail.ticket = ticket;
    mail.text = "Issue #" + ticket + " has been updated by Jim Roe.\n\n* Status changed from New to Closed\n";
    return mail;
}

std::vector<std::string> thread_of_answers() {
    const std::string updated = "Issue #86581 has been updated by ";
    const std::array<std::string, 3> answers = {
        "Assignee set to Sue Loe\n\nDo you know what became of the backup mount?\n\nSue",
        "The /x89 mount was a stopgap and never in fstab. I have mounted it by hand.\n\nSue",
        "I have added it to fstab now.\n\nSue"};
    const std::array<std::string, 3> sent = {"8:15 AM", "8:37 AM", "8:44 AM"};
    TicketMail mail;
    mail.text =
        updated +
        "Jim Roe.\n\nPriority changed from Medium to Emergency (Critical)\n\n/x89 is empty when viewed "
        "directly and is not in a df -hk listing.\n";
    std::vector<std::string> mails = {mail.mail()};
    for (std::size_t i = 0; i < answers.size(); ++i) {
        mail.text = updated + "Sue Loe.\n\n" + answers[i] + original(sent[i], mail.text);
        mails.push_back(mail.mail());
    }
    return mails;
}

std::string alert_text(const std::string& name, const std::string& steps, const std::string& more) {
    const auto text = filled(filled(std::string(redmine), "{steps}", steps), "{more}", more);
    return "\n[alert." + name + "]" + filled(text, "{name}", name);
}

std::string step(const std::string& rota, int tries, const std::string& wait, const std::string& redial) {
    return "{ rota = \"" + rota + "\", tries = " + std::to_string(tries) + ", wait = \"" + wait +
           "\", redial = \"" + redial + "\" }, ";
}

}  // namespace mailrota::e2e
