#include "core/runtime/incident_notice.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "core/runtime/own_mail.h"

namespace mailrota::runtime {
namespace {

using policy::Incident;
using store::Time;

constexpr std::size_t most_told = 200;  // of the incident's story, the newest

std::string utc(Time time) {
    return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(time.time_since_epoch().count()));
}

std::string body_of(const Incident& incident, const std::vector<store::IncidentLine>& told) {
    std::string body = fmt::format(
        "Nobody who was called has taken this on. Nobody else will be called.\r\n\r\n"
        "{0}{1}\r\nTo take it on:  mailrota incident ack {2}\r\n"
        "All of it:      mailrota incident show {2}\r\n\r\n",
        folded_lines(incident.say, "  "), folded_lines("(" + incident.key + ")", "  "), incident.number);
    const std::size_t left_out = told.size() - std::min(told.size(), most_told);
    if (left_out > 0) body += fmt::format("{} earlier lines are left out.\r\n", left_out);
    for (std::size_t i = left_out; i < told.size(); ++i)
        body +=
            fmt::format("{}  {}\r\n{}", utc(told[i].at), told[i].event, folded_lines(told[i].text, "    "));
    return body;
}

}  // namespace

std::optional<NewJob> incident_notice(const Incident& incident, const std::vector<std::string>& addresses,
                                      const std::vector<store::IncidentLine>& told,
                                      const FallbackTerms& terms, Time now) {
    OwnMail mail;
    mail.identity = fmt::format("incident-{}-{}", incident.number, incident.escalations);
    mail.to = addresses;
    mail.subject = fmt::format("Nobody was reached for incident {} ({})", incident.number, incident.alert);
    mail.body = body_of(incident, told);
    return notice_job(mail, terms, now);
}

}  // namespace mailrota::runtime
