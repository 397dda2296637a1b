#include "core/runtime/incident_notice.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>

#include "core/mail/date_text.h"
#include "core/mail/notice_mark.h"
#include "core/providers/phone_text.h"

namespace mailrota::runtime {
namespace {

using policy::Incident;
using store::Time;

constexpr std::size_t longest_text = 4000;  // characters
constexpr std::size_t line_width = 76;      // characters
constexpr std::size_t most_told = 200;      // of the incident's story, the newest

std::string utc(Time time) {
    return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(time.time_since_epoch().count()));
}

std::string identity(const Incident& incident) {
    return fmt::format("incident-{}-{}", incident.number, incident.escalations);
}

std::string header_of(const Incident& incident, const std::vector<std::string>& addresses,
                      const FallbackTerms& terms, Time now) {
    std::string to;
    for (const auto& address : addresses) to += (to.empty() ? "<" : ",\r\n <") + address + ">";
    const auto subject =
        fmt::format("Nobody was reached for incident {} ({})", incident.number, incident.alert);
    return fmt::format(
        "From: Mailrota <mailrota@{0}>\r\nTo: {1}\r\nSubject: {2}\r\nDate: {3}\r\n"
        "Message-ID: <{4}@{0}>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\nAuto-Submitted: auto-generated\r\n",
        terms.hostname, to, subject, mail::date_text(now), identity(incident));
}

// What a mail or a provider said, as lines of a mail: RFC 5322 section 2.1.1 bounds them.
std::string folded(std::string_view text, std::string_view indent) {
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

std::string body_of(const Incident& incident, const std::vector<store::IncidentLine>& told) {
    std::string body = fmt::format(
        "Nobody who was called has taken this on. Nobody else will be called.\r\n\r\n"
        "{0}{1}\r\nTo take it on:  mailrota incident ack {2}\r\n"
        "All of it:      mailrota incident show {2}\r\n\r\n",
        folded(incident.say, "  "), folded("(" + incident.key + ")", "  "), incident.number);
    const std::size_t left_out = told.size() - std::min(told.size(), most_told);
    if (left_out > 0) body += fmt::format("{} earlier lines are left out.\r\n", left_out);
    for (std::size_t i = left_out; i < told.size(); ++i)
        body += fmt::format("{}  {}\r\n{}", utc(told[i].at), told[i].event, folded(told[i].text, "    "));
    return body;
}

}  // namespace

std::optional<NewJob> incident_notice(const Incident& incident, const std::vector<std::string>& addresses,
                                      const std::vector<store::IncidentLine>& told,
                                      const FallbackTerms& terms, Time now) {
    if (addresses.empty()) return std::nullopt;
    std::string mail = header_of(incident, addresses, terms, now);
    const auto identity_of_mail = mail::trace_identity(mail::Message::from_bytes(mail + "\r\n"));
    mail::Trace trace;
    trace.rotas = {std::string(mail::notice_mark)};
    // It is folded with the bare line feeds of a milter.
    std::string signed_trace = mail::sign_trace(trace, identity_of_mail, terms.secret);
    boost::algorithm::replace_all(signed_trace, "\n", "\r\n");
    mail += fmt::format("{}: {}\r\n\r\n", mail::trace_header, signed_trace);
    mail += body_of(incident, told);
    DeliverJob payload;
    payload.endpoint = terms.worker.submit;
    for (const auto& address : addresses) payload.recipients.push_back({address, address, {}, {}});
    NewJob made;
    made.job.key = "notify " + identity(incident);
    made.job.kind = deliver_kind;
    made.job.payload = to_json(payload);
    made.job.priority = 10;
    made.job.created = made.job.due = now;
    made.job.expires = now + terms.worker.expire;
    made.bytes = std::move(mail);
    return made;
}

}  // namespace mailrota::runtime
