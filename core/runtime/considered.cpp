#include "core/runtime/considered.h"

#include <algorithm>
#include <utility>

namespace mailrota::runtime {
namespace {

using policy::Decision;
using policy::Plan;

// All that the peer is told: what is wrong inside is for the log.
const policy::Reply try_later{451, "4.3.0", "mailrota: state store not available, try again later"};

// An alert that cannot be remembered holds its mail back, unless its rule says otherwise.
bool alerts_fail_open(const policy::Policy& policy, const Decision& decision) {
    return std::ranges::all_of(decision.triggers, [&](const policy::Trigger& trigger) {
        const auto rule = std::ranges::find(policy.rules(), trigger.rule, &policy::Rule::name);
        return rule != policy.rules().end() && rule->on_error == policy::OnError::pass;
    });
}

bool tells_of_beat(const policy::Rule& rule, const Decision& decision) {
    const bool matched = std::ranges::find(decision.matched, rule.name) != decision.matched.end();
    return matched && std::ranges::any_of(rule.then, [](const policy::Action& action) {
               return std::holds_alternative<policy::Beat>(action);
           });
}

// So does a heartbeat: a false alarm at night is worse than a mail that comes a little later.
bool beats_fail_open(const policy::Policy& policy, const Decision& decision) {
    if (decision.beats.empty()) return true;
    return std::ranges::all_of(policy.rules(), [&](const policy::Rule& rule) {
        return rule.on_error == policy::OnError::pass || !tells_of_beat(rule, decision);
    });
}

// Whether everything that waits for a turn would rather pass untouched than wait.
bool fails_open(const policy::Policy& policy, const Decision& decision) {
    if (!alerts_fail_open(policy, decision) || !beats_fail_open(policy, decision)) return false;
    return std::ranges::all_of(decision.recipients, [&](const policy::Routed& routed) {
        const auto* route = std::get_if<policy::RouteRota>(&routed.route);
        if (route == nullptr || routed.pass_on_error) return true;
        const policy::Rota* rota = policy.rota(route->rota);
        return rota != nullptr && rota->pass_on_error;
    });
}

Plan pass_untouched(const mail::Envelope& envelope) {
    Plan plan;
    plan.recipients.resize(envelope.recipients.size());
    for (policy::RecipientPlan& recipient : plan.recipients) {
        recipient.why = "state store not available: passes untouched";
    }
    return plan;
}

}  // namespace

Considered consider(const policy::Policy& policy, const mail::Mail& mail, const mail::TraceSecret& secret,
                    policy::Granularity granularity, policy::Tracing tracing) {
    Considered considered;
    considered.trace = mail::read_trace(mail.message, secret);
    considered.decision = policy::decide(policy, mail, considered.trace, tracing);
    considered.rotas = policy::rotas_to_draw(considered.decision, granularity);
    return considered;
}

bool Considered::needs_store() const {
    return !rotas.empty() || !decision.triggers.empty() || !decision.beats.empty();
}

std::vector<std::string> Considered::locks() const {
    std::vector<std::string> locks = rotas;
    if (!decision.triggers.empty() || !decision.beats.empty()) locks.emplace_back(store::incidents_lock);
    return locks;
}

Taken conclude(const mail::Mail& mail, const Considered& considered, Settled settled) {
    Taken taken;
    taken.plan = policy::make_plan(mail.envelope, considered.decision, settled.turns, considered.trace);
    taken.turns = std::move(settled.turns);
    taken.raised = std::move(settled.raised);
    return taken;
}

Taken conclude_without_turns(const policy::Policy& policy, const mail::Mail& mail,
                             const Considered& considered, Error trouble) {
    const Decision& decision = considered.decision;
    Taken taken;
    taken.failed_open = fails_open(policy, decision);
    if (!taken.failed_open)
        taken.plan = policy::defer_all(mail.envelope, try_later, "state store not available");
    else if (considered.rotas.empty())  // where it goes does not hang on the store
        taken.plan = policy::make_plan(mail.envelope, decision, {}, considered.trace);
    else
        taken.plan = pass_untouched(mail.envelope);
    taken.plan.matched = decision.matched;
    taken.plan.alarms = decision.alarms;
    taken.trouble = std::move(trouble);
    return taken;
}

Taken internal_error(const mail::Mail& mail, const std::string& what) {
    Taken taken;
    taken.plan = policy::defer_all(mail.envelope, try_later, "internal error");
    taken.trouble = Error{ErrorKind::invalid, what};
    return taken;
}

}  // namespace mailrota::runtime
