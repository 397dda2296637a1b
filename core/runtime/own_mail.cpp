#include "core/runtime/own_mail.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>

#include "core/mail/date_text.h"
#include "core/mail/notice_mark.h"
#include "core/providers/phone_text.h"

namespace mailrota::runtime {
namespace {

using store::Time;

constexpr std::size_t longest_text = 4000;  // characters
constexpr std::size_t line_width = 76;      // characters
constexpr int priority = 10;

// "X-Mailrota-Trace: …" in one field, signed over the mail's header.
std::string notice_trace(const std::string& header, const mail::TraceSecret& secret) {
    const auto identity = mail::trace_identity(mail::Message::from_bytes(header + "\r\n"));
    mail::Trace trace;
    trace.rotas = {std::string(mail::notice_mark)};
    // It is folded with the bare line feeds of a milter.
    std::string signed_trace = mail::sign_trace(trace, identity, secret);
    boost::algorithm::replace_all(signed_trace, "\n", "\r\n");
    return fmt::format("{}: {}\r\n", mail::trace_header, signed_trace);
}

}  // namespace

std::string own_sender(std::string_view hostname) { return fmt::format("Mailrota <mailrota@{}>", hostname); }

std::string own_header(const OwnMail& mail, std::string_view from, std::string_view hostname, Time now) {
    std::string to;
    for (const auto& address : mail.to) to += (to.empty() ? "<" : ",\r\n <") + address + ">";
    return fmt::format(
        "From: {}\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\n"
        "Message-ID: <{}@{}>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n",
        from, to, mail.subject, mail::date_text(now), mail.identity, hostname);
}

std::optional<NewJob> notice_job(const OwnMail& mail, const FallbackTerms& terms, Time now) {
    if (mail.to.empty()) return std::nullopt;
    const std::string header = own_header(mail, own_sender(terms.hostname), terms.hostname, now) +
                               "Auto-Submitted: auto-generated\r\n";
    DeliverJob payload;
    payload.endpoint = terms.worker.submit;
    for (const auto& address : mail.to) payload.recipients.push_back({address, address, {}, {}});
    NewJob made;
    made.job.key = "notify " + mail.identity;
    made.job.kind = deliver_kind;
    made.job.payload = to_json(payload);
    made.job.priority = priority;
    made.job.created = made.job.due = now;
    made.job.expires = now + terms.worker.expire;
    made.bytes = header + notice_trace(header, terms.secret) + "\r\n" + mail.body;
    return made;
}

std::string folded_lines(std::string_view text, std::string_view indent) {
    std::string clean = providers::clean_text(text, longest_text);
    std::string lines;
    for (std::string_view rest = clean; !rest.empty();) {
        const auto line = providers::cut_at_word(rest, line_width);
        lines.append(indent).append(line) += "\r\n";
        rest.remove_prefix(line.size());
        rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    }
    return lines;
}

}  // namespace mailrota::runtime
