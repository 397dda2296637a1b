#include "core/runtime/delivery_log.h"

#include <algorithm>
#include <utility>

#include "core/runtime/kept_reply.h"
#include "core/runtime/mail_log.h"

namespace mailrota::runtime {
namespace {

using Kind = RecipientOutcome::Kind;
using Leg = Waybill::Leg;
using Party = Waybill::Party;
using Level = Log::Level;

std::string_view word_of(Kind kind) {
    switch (kind) {
        case Kind::done:
            return "delivered";
        case Kind::handed:
            return "handed";
        case Kind::deferred:
            return "deferred";
        case Kind::failed:
            return "refused";
    }
    return "";
}

bool is_dropped(const Order& order, const Party& party) {
    return order.plan.recipients[party.recipient].fate == policy::RecipientPlan::Fate::drop &&
           party.outcome->kind == Kind::done;
}

// The mail's outcome in one word.
std::string_view outcome_of(const Order& order, const Waybill& bill) {
    if (bill.parties.empty()) return "deferred";
    const auto dropped = [&order](const Party& party) { return is_dropped(order, party); };
    if (std::ranges::all_of(bill.parties, dropped)) return "discarded";
    const Kind first = bill.parties.front().outcome->kind;
    const auto other = [first](const Party& party) { return party.outcome->kind != first; };
    return std::ranges::any_of(bill.parties, other) ? "mixed" : word_of(first);
}

LogLine& with_reply(LogLine& line, const wire::Reply& reply) {
    return line.with("code", reply.code).with("enhanced", reply.enhanced).with("text", kept_text(reply));
}

void add_recipient(LogBatch& lines, Metrics& metrics, const Order& order, const Party& party) {
    const policy::RecipientPlan& plan = order.plan.recipients[party.recipient];
    const RecipientOutcome& outcome = *party.outcome;
    const auto fate = policy::to_string(plan.fate);
    metrics.recipient(fate, plan.rota);
    auto line = mail_line("recipient", order.mail, order.session);
    line.with("rcpt", order.mail.envelope.recipients[party.recipient].address.text())
        .with("fate", fate)
        .with("to", outcome.to)
        .with("outcome", is_dropped(order, party) ? "discarded" : word_of(outcome.kind))
        .with("rota", plan.rota)
        .with("rule", plan.rule)
        .with("reason", plan.why)
        .with("replayed", outcome.replayed ? "yes" : "");
    lines.add(outcome.kind == Kind::deferred ? Level::warning : Level::info,
              std::move(with_reply(line, outcome.reply)));
}

void add_leg(LogBatch& lines, Metrics& metrics, const Order& order, const Leg& leg) {
    using Outcome = wire::SmtpResult::Outcome;
    if (!leg.result) return;
    const auto line = [&](std::string_view event) {
        auto text = mail_line(event, order.mail, order.session);
        text.with("to", leg.to.address).with("peer", peer_of(order, leg));
        return std::move(with_reply(text, leg.result->reply));
    };
    if (leg.result->outcome == Outcome::uncertain) {
        metrics.error("uncertain");
        lines.add(Level::warning, line("possible-duplicate-later"));
    }
    if (leg.copy && leg.result->outcome != Outcome::done) {
        auto text = line("copy-not-sent");
        lines.add(Level::warning, std::move(text.with("outcome", leg.handed ? "handed" : "refused")));
    }
}

}  // namespace

void log_delivered(Log& log, Metrics& metrics, const Order& order, const Waybill& bill,
                   std::chrono::microseconds took) {
    const auto outcome = outcome_of(order, bill);
    metrics.message(outcome, took);
    auto line = mail_line("mail", order.mail, order.session);
    line.with("client", order.mail.envelope.client.ip)
        .with("listener", order.listener.name)
        .with("size", static_cast<std::int64_t>(order.mail.message.bytes().size()))
        .with("recipients", static_cast<std::int64_t>(order.mail.envelope.recipients.size()))
        .with("outcome", outcome)
        .with("rules", joined(order.plan.matched))
        .with("copies", joined(order.plan.copies))
        .with("ms", took);
    const bool held_back = outcome == "deferred";
    LogBatch lines(log);
    if (order.plan.quarantine) line.with("quarantine", *order.plan.quarantine);
    lines.add(held_back ? Level::warning : Level::info, std::move(line));
    for (const Party& party : bill.parties) add_recipient(lines, metrics, order, party);
    for (const Leg& leg : bill.legs) add_leg(lines, metrics, order, leg);
}

void log_not_written(Log& log, Metrics& metrics, const Order& order, const Waybill& bill,
                     const Error& error) {
    metrics.error("journal");
    std::string sent;
    for (const Leg& leg : bill.legs)
        if (leg.result && leg.result->outcome == wire::SmtpResult::Outcome::done)
            sent += (sent.empty() ? "" : ",") + leg.to.address;
    log.error(
        mail_line("journal-failed", order.mail, order.session)
            .with("sent", sent)
            .with("outcome", sent.empty() ? "deferred" : "sent, and will be sent again if it is offered")
            .with("reason", error.text));
}

void log_not_tried(Log& log, Metrics& metrics, const Order& order, const Error& error) {
    metrics.error("store");
    log.warning(mail_line("store-failed", order.mail, order.session).with("reason", error.text));
}

}  // namespace mailrota::runtime
