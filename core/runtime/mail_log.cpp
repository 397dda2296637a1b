#include "core/runtime/mail_log.h"

#include "core/mail/header_text.h"

namespace mailrota::runtime {

LogLine mail_line(std::string_view event, const mail::Mail& mail, std::string_view session) {
    const mail::Address& sender = mail.envelope.sender;
    LogLine line(event);
    line.with("queue_id", mail.queue_id)
        .with("session", session)
        .with("message_id", mail::unfold_header(mail.message.raw_header("Message-ID")))
        .with("sender", sender.null() ? "<>" : sender.text());
    return line;
}

LogLine alert_line(const mail::Mail& mail, std::string_view session, const Raised& raised) {
    return mail_line("alert", mail, session)
        .with("alert", raised.trigger.alert)
        .with("key", raised.trigger.key)
        .with("incident", raised.incident)
        .with("rule", raised.trigger.rule)
        .with("outcome", policy::to_string(raised.what))
        .with("reason", raised.why);
}

void log_taken(Log& log, Metrics& metrics, const mail::Mail& mail, std::string_view session,
               const Taken& taken) {
    for (const auto& [rota, turn] : taken.turns) metrics.turn(rota, turn.reason, turn.replayed);
    LogBatch lines(log);
    if (taken.trouble) {
        metrics.error("store");
        lines.add(Log::Level::warning,
                  mail_line("store-failed", mail, session).with("reason", taken.trouble->text));
    }
    if (taken.failed_open) {
        metrics.failed_open();
        lines.add(Log::Level::warning, mail_line("failed-open", mail, session));
    }
    for (const Raised& one : taken.raised) lines.add(Log::Level::info, alert_line(mail, session, one));
    for (const std::string& alarm : taken.plan.alarms)
        lines.add(Log::Level::warning, mail_line("alarm", mail, session).with("reason", alarm));
}

std::string joined(const std::vector<std::string>& words) {
    std::string result;
    for (const std::string& word : words) result.append(result.empty() ? "" : ",").append(word);
    return result;
}

}  // namespace mailrota::runtime
