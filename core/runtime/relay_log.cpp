#include "core/runtime/relay_log.h"

#include <algorithm>

namespace mailrota::runtime {
namespace {

using providers::RecipientAnswer;
using Kind = RecipientAnswer::Kind;
using Level = Log::Level;

std::string_view word_of(Kind kind) {
    switch (kind) {
        case Kind::accepted:
            return "accepted";
        case Kind::bad_message:
            return "bad_message";
        case Kind::bad_message_here:
            return "bad_message_here";
        case Kind::bad_recipient:
            return "bad_recipient";
        case Kind::later:
            return "later";
        case Kind::unsent:
            return "unsent";
        case Kind::configuration:
            return "configuration";
        case Kind::temporary:
            return "temporary";
        case Kind::uncertain:
            return "uncertain";
    }
    return "";
}

// The call's class: that of its recipients, or that some of them differ.
std::string_view class_of(const providers::Answer& answer) {
    const Kind first = answer.recipients.front().kind;
    const auto same = [first](const RecipientAnswer& one) { return one.kind == first; };
    return std::ranges::all_of(answer.recipients, same) ? word_of(first) : "mixed";
}

LogLine line_of(std::string_view event, const Parcel& parcel, const store::RelayAttempt& attempt) {
    LogLine line(event);
    line.with("queue_id", parcel.consignment.mail.queue_id)
        .with("session", parcel.consignment.session)
        .with("rota", attempt.rota)
        .with("provider", attempt.provider)
        .with("attempt", attempt.id)
        .with("recipients", static_cast<std::int64_t>(attempt.recipients.size()));
    return line;
}

std::string joined_ids(const providers::Answer& answer) {
    std::string ids;
    for (const RecipientAnswer& one : answer.recipients)
        if (!one.provider_id.empty() && ids.find(one.provider_id) == std::string::npos && ids.size() < 200)
            ids += (ids.empty() ? "" : ",") + one.provider_id;
    return ids;
}

}  // namespace

void log_call(Relay::Services& services, const Parcel& parcel, const Begun& begun, const Called& called,
              const Judgement& judgement, std::chrono::microseconds took) {
    const auto outcome = class_of(called.answer);
    services.metrics.relay_call(begun.attempt.provider, outcome, took);
    const bool fine = outcome == "accepted";
    LogLine line = line_of("relay", parcel, begun.attempt);
    line.with("outcome", outcome)
        .with("why", begun.why)
        .with("id", joined_ids(called.answer))
        .with("reason", fine ? "" : judgement.words)
        .with("retry_after", called.answer.retry_after.count() > 0
                                 ? std::to_string(called.answer.retry_after.count())
                                 : std::string())
        .with("ms", took);
    services.log.write(fine ? Level::info : Level::warning, line);
    if (judgement.alarm.empty()) return;
    services.log.error(line_of("provider-alarm", parcel, begun.attempt)
                           .with("domain", called.answer.of_domain ? parcel.domain : "")
                           .with("reason", judgement.alarm));
}

void log_possible_duplicate(Relay::Services& services, const Parcel& parcel, const Begun& begun) {
    services.metrics.error("possible-duplicate");
    services.log.error(line_of("possible-duplicate", parcel, begun.attempt)
                           .with("reason", "a call before was not answered, and the mail is sent again"));
}

void log_inquiry(Relay::Services& services, const Parcel& parcel, const store::RelayAttempt& attempt,
                 const providers::LookUp& found) {
    using Found = providers::LookUp::Found;
    const std::string_view outcome = found.found == Found::accepted ? "accepted"
                                     : found.found == Found::absent ? "absent"
                                                                    : "unknown";
    services.log.info(line_of("relay-asked", parcel, attempt)
                          .with("outcome", outcome)
                          .with("id", found.provider_id)
                          .with("reason", found.words));
}

void log_breakers(Log& log, Metrics& metrics, const std::vector<policy::Breaker>& changed) {
    for (const policy::Breaker& breaker : changed) {
        metrics.relay_breaker(breaker.scope, breaker.state != policy::Breaker::State::closed);
        const bool closed = breaker.state == policy::Breaker::State::closed;
        LogLine line("breaker");
        line.with("scope", breaker.scope).with("state", policy::to_string(breaker.state));
        if (!closed) line.with("seconds", breaker.period.count()).with("reason", breaker.why);
        log.write(breaker.alarmed ? Level::error : closed ? Level::info : Level::warning, line);
    }
}

void log_relay_not_written(Relay::Services& services, const Parcel& parcel, const std::string& sent,
                           const std::string& reason) {
    services.metrics.error("relay");
    services.log.error(LogLine("relay-not-written")
                           .with("queue_id", parcel.consignment.mail.queue_id)
                           .with("session", parcel.consignment.session)
                           .with("rota", parcel.rota.name)
                           .with("sent", sent)
                           .with("reason", reason));
}

}  // namespace mailrota::runtime
