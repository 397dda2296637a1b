#include "core/runtime/incident_notice.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "core/mail/date_text.h"
#include "core/mail/notice_mark.h"
#include "core/policy/safe_text.h"

namespace mailrota::runtime {
namespace {

using policy::Incident;
using store::Time;

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

std::string body_of(const Incident& incident, const std::vector<store::IncidentLine>& told) {
    std::string body = fmt::format(
        "Nobody who was called has taken this on. Nobody else will be called.\r\n\r\n"
        "  {}\r\n  ({})\r\n\r\nTo take it on:  mailrota incident ack {}\r\nAll of it:      mailrota incident "
        "show "
        "{}\r\n\r\n",
        policy::without_controls(incident.say), policy::without_controls(incident.key), incident.number,
        incident.number);
    for (const auto& line : told)
        body += fmt::format("{}  {}  {}\r\n", utc(line.at), line.event, policy::without_controls(line.text));
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
    mail += fmt::format("{}: {}\r\n\r\n", mail::trace_header,
                        mail::sign_trace(trace, identity_of_mail, terms.secret));
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
