#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/policy/plan.h"
#include "core/policy/safe_text.h"

namespace mailrota::policy {
namespace {

std::string shown(const mail::Address& address) { return "<" + without_controls(address.text()) + ">"; }

std::string shown(const Reply& reply) {
    return fmt::format(" {} {} {}", reply.code, reply.enhanced, quoted(reply.text, reply_line_most));
}

// Where a fate comes from: "(rota orders: turn)", "(rule vip: …)".
std::string source(const RecipientPlan& plan) {
    const bool drawn = !plan.rota.empty() && plan.fate != RecipientPlan::Fate::relay;
    if (drawn) return fmt::format("rota {}: {}", plan.rota, plan.why);
    return plan.why;
}

// Where it goes by that fate, or what its sender is told.
std::string target(const RecipientPlan& plan, const Ways& ways) {
    if (plan.fate == RecipientPlan::Fate::keep) return ways.kept;
    if (plan.fate == RecipientPlan::Fate::relay) return " through rota " + plan.rota;
    if (!plan.box.empty()) return " box " + plan.box;
    if (!plan.to.empty()) return fmt::format(" to <{}>{}", fmt::join(plan.to, ">, <"), ways.sent_on);
    return plan.reply ? shown(*plan.reply) : "";
}

std::string recipient_line(const mail::Address& address, const RecipientPlan& plan, const Ways& ways) {
    return fmt::format("to {}: {}{} ({})\n", shown(address), to_string(plan.fate), target(plan, ways),
                       without_controls(source(plan)));
}

std::string header_line(const HeaderEdit& edit) {
    if (edit.kind == HeaderEdit::Kind::remove) return fmt::format("remove header {}\n", edit.name);
    return fmt::format("add header {}: {}\n", edit.name, edit.value);
}

}  // namespace

std::string to_text(const mail::Envelope& envelope, const Plan& plan, const Ways& ways) {
    std::string text = fmt::format("from {}\n", shown(envelope.sender));
    for (std::size_t i = 0; i < plan.recipients.size(); ++i)
        text += recipient_line(envelope.recipients[i].address, plan.recipients[i], ways);
    for (const auto& copy : plan.copies) text += fmt::format("copy to <{}>{}\n", copy, ways.sent_on);
    for (const auto& edit : plan.headers) text += header_line(edit);
    if (plan.trace)
        text += fmt::format(
            "trace: hop {}, rotas: {}\n", plan.trace->hops,
            plan.trace->rotas.empty() ? "none" : fmt::format("{}", fmt::join(plan.trace->rotas, ", ")));
    if (plan.quarantine) text += fmt::format("quarantine: {}{}\n", *plan.quarantine, ways.held_back);
    if (!plan.matched.empty()) text += fmt::format("matched: {}\n", fmt::join(plan.matched, ", "));
    for (const auto& alarm : plan.alarms) text += fmt::format("alarm: {}\n", without_controls(alarm));
    return text;
}

}  // namespace mailrota::policy
