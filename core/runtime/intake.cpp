#include "core/runtime/intake.h"

#include <exception>
#include <utility>

namespace mailrota::runtime {

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
        // What the rules and the rotas' addresses say of it. Pure: nothing is drawn or remembered yet.
        Considered considered = consider(policy, mail, secret_, granularity, tracing);
        // Whose turn it is and what it alerts of. When this returns, turns and incidents are on disk.
        Settled settled;
        Result<void> done;
        if (considered.needs_store()) {
            done = run(transact, considered.locks(),
                       settling(policy, mail, considered, granularity, settled, &answer.choices));
        }
        // What is to be done to the mail. Pure again; the front end carries it out.
        answer.taken = done ? conclude(mail, considered, std::move(settled))
                            : conclude_without_turns(policy, mail, considered, done.error());
        answer.decision = std::move(considered.decision);
    } catch (const std::exception& failure) {
        answer.taken = internal_error(mail, failure.what());
    }
    return answer;
}

Result<void> Intake::run(Transact transact, const std::vector<std::string>& rotas, store::Work work) {
    try {
        return (store_.*transact)(rotas, std::move(work));
    } catch (const std::exception& failure) {
        return unavailable(failure.what());
    }
}

// The store may run the work again after a lost lock, so the work sets its results anew.
store::Work Intake::settling(const policy::Policy& policy, const mail::Mail& mail,
                             const Considered& considered, policy::Granularity granularity, Settled& settled,
                             Choices* choices) const {
    return [&policy, &mail, &considered, granularity, &settled, choices,
            now = clock_()](store::Transaction& transaction) -> Result<void> {
        settled = {};
        if (choices != nullptr) choices->clear();
        auto turns = settle(transaction, policy, mail, considered.rotas, granularity, now, choices);
        if (!turns) return tl::unexpected(turns.error());
        auto raised = raise(transaction, policy, mail, considered.decision, now);
        if (!raised) return tl::unexpected(raised.error());
        settled = {*std::move(turns), *std::move(raised)};
        return {};
    };
}

}  // namespace mailrota::runtime
