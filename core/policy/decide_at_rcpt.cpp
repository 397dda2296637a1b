#include <algorithm>

#include "core/policy/decide.h"
#include "core/policy/evaluate.h"
#include "core/policy/outcome.h"

namespace mailrota::policy {
namespace {

// The one recipient of a RCPT command and what its reply may say.
struct AtRcpt {
    const mail::Envelope& envelope;
    const mail::Address& recipient;

    Reply finish(const Reply& reply, const Reply& standard, const Captures& captures) const {
        const auto* address = &recipient;
        return finished_reply(reply, standard, {envelope, nullptr, {}, {&address, 1}, captures});
    }

    // The reply that a matching rule's first route is; nothing for another route or none.
    std::optional<Reply> reply_of(const Rule& rule, const Captures& captures) const {
        const auto route = std::ranges::find_if(rule.then, gives_route);
        if (route == rule.then.end()) return std::nullopt;
        if (const auto* reject = std::get_if<Reject>(&*route))
            return finish(reject->reply, standard_refusal, captures);
        if (const auto* defer = std::get_if<Defer>(&*route))
            return finish(defer->reply, standard_deferral, captures);
        return std::nullopt;
    }
};

bool settles(const Rule& rule) {
    return std::ranges::any_of(rule.then, [](const Action& action) {
        return gives_route(action) || std::holds_alternative<Stop>(action);
    });
}

}  // namespace

std::optional<Reply> decide_at_rcpt(const Policy& policy, const mail::Envelope& envelope,
                                    const mail::Origin& origin, std::chrono::sys_seconds now) {
    if (envelope.recipients.empty()) return std::nullopt;
    const AtRcpt at{envelope, envelope.recipients.back().address};
    Evaluation evaluation(Seen{envelope, origin, now, nullptr, {}});
    for (const auto index : policy.candidates(envelope.sender, {&envelope.recipients.back(), 1})) {
        const auto& rule = policy.rules()[index];
        const auto match = evaluation.evaluate(rule.when, &at.recipient);
        // What cannot be told now may give another route, or end the walk, once header and body are here.
        if (match.answer == Answer::unknown) return std::nullopt;
        if (match.answer == Answer::yes && settles(rule)) return at.reply_of(rule, match.captures);
    }
    return std::nullopt;
}

}  // namespace mailrota::policy
