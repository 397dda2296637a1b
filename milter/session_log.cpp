#include "milter/session_log.h"

#include <algorithm>
#include <utility>

#include "core/mail/header_text.h"
#include "core/runtime/mail_log.h"

namespace mailrota::milter {

namespace {

using runtime::LogLine;
using Level = runtime::Log::Level;

std::string joined(const std::vector<std::string>& words) {
    std::string result;
    for (const auto& word : words) result.append(result.empty() ? "" : ",").append(word);
    return result;
}

std::string shown(const mail::Address& address) { return address.null() ? "<>" : address.text(); }

std::string_view outcome(const Ending& ending) {
    if (ending.verdict == Ending::Verdict::discard) return "discarded";
    if (ending.verdict == Ending::Verdict::reply) return ending.reply->code >= 500 ? "refused" : "deferred";
    const auto holds = [](const Edit& edit) { return std::holds_alternative<Quarantine>(edit); };
    if (std::ranges::any_of(ending.edits, holds)) return "quarantined";
    return ending.edits.empty() ? "untouched" : "edited";
}

LogLine& with_reply(LogLine& line, const policy::Reply& reply) {
    return line.with("code", reply.code).with("enhanced", reply.enhanced).with("text", reply.text);
}

}  // namespace

SessionLog::SessionLog(runtime::Log& log, runtime::Metrics& metrics, std::string session)
    : log_(log), metrics_(metrics), session_(std::move(session)) {}

LogLine SessionLog::line(std::string_view event, const mail::Mail& mail) const {
    LogLine line(event);
    line.with("queue_id", mail.queue_id)
        .with("session", session_)
        .with("message_id", mail::unfold_header(mail.message.raw_header("Message-ID")))
        .with("sender", shown(mail.envelope.sender));
    return line;
}

void SessionLog::ended(const mail::Mail& mail, const runtime::Taken& taken, const Ending& ending,
                       std::chrono::microseconds took) {
    const auto result = outcome(ending);
    metrics_.message(result, took);
    auto text = line("mail", mail);
    text.with("client", mail.envelope.client.ip)
        .with("recipients", static_cast<std::int64_t>(mail.envelope.recipients.size()))
        .with("outcome", result)
        .with("edits", static_cast<std::int64_t>(ending.edits.size()))
        .with("rules", joined(taken.plan.matched))
        .with("copies", joined(taken.plan.copies))
        .with("ms", took);
    if (ending.reply) with_reply(text, *ending.reply);
    const bool deferred = ending.reply && ending.reply->code < 500;
    runtime::LogBatch lines(log_);
    lines.add(deferred ? Level::warning : Level::info, std::move(text));
    recipients(lines, mail, taken);
    for (const auto& raised : taken.raised)
        lines.add(Level::info, runtime::alert_line(mail, session_, raised));
    troubles(lines, mail, taken);
}

void SessionLog::recipients(runtime::LogBatch& lines, const mail::Mail& mail, const runtime::Taken& taken) {
    const auto& received = mail.envelope.recipients;
    const auto& planned = taken.plan.recipients;
    for (std::size_t i = 0; i < std::min(received.size(), planned.size()); ++i)
        recipient(lines, mail, received[i], planned[i], taken.turns);
    for (const auto& [rota, turn] : taken.turns) metrics_.turn(rota, turn.reason, turn.replayed);
}

void SessionLog::recipient(runtime::LogBatch& lines, const mail::Mail& mail, const mail::Recipient& recipient,
                           const policy::RecipientPlan& planned, const policy::Turns& turns) {
    const auto fate = policy::to_string(planned.fate);
    metrics_.recipient(fate, planned.rota);
    auto text = line("recipient", mail);
    text.with("rcpt", recipient.address.text())
        .with("fate", fate)
        .with("to", joined(planned.to))
        .with("rota", planned.rota)
        .with("rule", planned.rule)
        .with("reason", planned.why);
    if (const auto turn = turns.find(planned.rota); turn != turns.end())
        text.with("replayed", turn->second.replayed ? "yes" : "no");
    if (planned.reply) with_reply(text, *planned.reply);
    const bool deferred = planned.fate == policy::RecipientPlan::Fate::defer;
    lines.add(deferred ? Level::warning : Level::info, std::move(text));
}

void SessionLog::troubles(runtime::LogBatch& lines, const mail::Mail& mail, const runtime::Taken& taken) {
    if (taken.trouble) {
        metrics_.error("store");
        lines.add(Level::warning, line("store-failed", mail).with("reason", taken.trouble->text));
    }
    if (taken.failed_open) {
        metrics_.failed_open();
        lines.add(Level::warning, line("failed-open", mail));
    }
    for (const auto& alarm : taken.plan.alarms)
        lines.add(Level::warning, line("alarm", mail).with("reason", alarm));
}

void SessionLog::ended_by(std::string_view cause, std::string_view why, const mail::Mail& mail,
                          const policy::Reply& reply) {
    metrics_.error(cause);
    metrics_.message(reply.code >= 500 ? "refused" : "deferred", {});
    auto text = line("mail", mail);
    text.with("outcome", reply.code >= 500 ? "refused" : "deferred").with("reason", why);
    log_.warning(with_reply(text, reply));
}

void SessionLog::recipient_answered(const mail::Mail& mail, const policy::Reply& reply) {
    const bool refused = reply.code >= 500;
    metrics_.recipient(refused ? "refuse" : "defer", "");
    auto text = line("recipient", mail);
    text.with("rcpt", mail.envelope.recipients.back().address.text())
        .with("fate", refused ? "refuse" : "defer")
        .with("at", "rcpt");
    log_.write(refused ? Level::info : Level::warning, with_reply(text, reply));
}

void SessionLog::aborted(const mail::Mail& mail) {
    metrics_.message("aborted", {});
    if (log_.enabled(Level::debug)) log_.debug(line("mail", mail).with("outcome", "aborted"));
}

void SessionLog::edits_failed(const mail::Mail& mail, std::string_view what) {
    metrics_.error("edit");
    log_.error(line("edit-failed", mail).with("reason", what).with("outcome", "deferred"));
}

void SessionLog::out_of_order(std::string_view event, std::string_view phase) {
    metrics_.error("protocol");
    log_.warning(LogLine("out-of-order").with("session", session_).with("event", event).with("phase", phase));
}

void SessionLog::impossible(std::string_view why) {
    metrics_.error("protocol");
    log_.error(LogLine("negotiation")
                   .with("session", session_)
                   .with("reason", why)
                   .with("outcome", "every mail of this session is deferred"));
}

}  // namespace mailrota::milter
