#include "core/runtime/intake.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace mailrota::runtime {
namespace {

using policy::Decision;
using policy::Plan;

// All that the peer is told: what is wrong inside is for the log.
const policy::Reply try_later{451, "4.3.0", "mailrota: state store not available, try again later"};

// Whether everything that waits for a turn would rather pass untouched than wait.
bool fails_open(const policy::Policy& policy, const Decision& decision) {
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

// The answer when the turns could not be drawn.
Taken without_turns(const policy::Policy& policy, const mail::Mail& mail, const Decision& decision,
                    Error trouble) {
    Taken taken;
    taken.failed_open = fails_open(policy, decision);
    taken.plan = taken.failed_open ? pass_untouched(mail.envelope)
                                   : policy::defer_all(mail.envelope, try_later, "state store not available");
    taken.plan.matched = decision.matched;
    taken.plan.alarms = decision.alarms;
    taken.trouble = std::move(trouble);
    return taken;
}

}  // namespace

Intake::Intake(store::Store& store, const mail::TraceSecret& secret, Clock clock)
    : store_(store), secret_(secret), clock_(std::move(clock)) {}

Taken Intake::take(const policy::Policy& policy, const mail::Mail& mail, policy::Granularity granularity) {
    return walk(policy, mail, granularity, policy::Tracing::off, &store::Store::write).taken;
}

Intake::Rehearsal Intake::rehearse(const policy::Policy& policy, const mail::Mail& mail,
                                   policy::Granularity granularity) {
    return walk(policy, mail, granularity, policy::Tracing::on, &store::Store::rehearse);
}

// The one way that mail takes.
Intake::Rehearsal Intake::walk(const policy::Policy& policy, const mail::Mail& mail,
                               policy::Granularity granularity, policy::Tracing tracing, Transact transact) {
    Rehearsal answer;
    try {
        // What we wrote into the mail when it passed before; a forged note counts as none.
        const mail::Trace trace = mail::read_trace(mail.message, secret_);
        // What the rules and the rotas' addresses say of it. Pure: nothing is drawn or remembered yet.
        answer.decision = policy::decide(policy, mail, trace, tracing);
        // Whose turn it is, if any rota is concerned. When this returns, the turns are on disk.
        const std::vector<std::string> rotas = policy::rotas_to_draw(answer.decision, granularity);
        if (!rotas.empty()) {
            const auto drawn = draw(policy, mail, rotas, granularity, transact, answer);
            if (!drawn) {
                answer.taken = without_turns(policy, mail, answer.decision, drawn.error());
                return answer;
            }
        }
        // What is to be done to the mail. Pure again; the front end carries it out.
        answer.taken.plan = policy::make_plan(mail.envelope, answer.decision, answer.taken.turns, trace);
    } catch (const std::exception& failure) {
        answer.taken = Taken{};
        answer.taken.plan = policy::defer_all(mail.envelope, try_later, "internal error");
        answer.taken.trouble = Error{ErrorKind::invalid, failure.what()};
    }
    return answer;
}

// One transaction. The store may run the work again after a lost lock, so the work sets its results anew.
Result<void> Intake::draw(const policy::Policy& policy, const mail::Mail& mail,
                          const std::vector<std::string>& rotas, policy::Granularity granularity,
                          Transact transact, Rehearsal& into) {
    const std::chrono::sys_seconds now = clock_();
    try {
        return (store_.*transact)(rotas, [&](store::Transaction& transaction) -> Result<void> {
            into.choices.clear();
            auto turns = settle(transaction, policy, mail, rotas, granularity, now, &into.choices);
            if (!turns) return tl::unexpected(turns.error());
            into.taken.turns = std::move(*turns);
            return {};
        });
    } catch (const std::exception& failure) {
        return unavailable(failure.what());
    }
}

}  // namespace mailrota::runtime
