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
        // Whose turn it is, if any rota is concerned. When this returns, the turns are on disk.
        policy::Turns turns;
        Result<void> drawn;
        if (!considered.rotas.empty()) {
            drawn = run(transact, considered.rotas,
                        drawing(policy, mail, considered.rotas, granularity, turns, &answer.choices));
        }
        // What is to be done to the mail. Pure again; the front end carries it out.
        answer.taken = drawn ? conclude(mail, considered, std::move(turns))
                             : conclude_without_turns(policy, mail, considered, drawn.error());
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
store::Work Intake::drawing(const policy::Policy& policy, const mail::Mail& mail,
                            const std::vector<std::string>& rotas, policy::Granularity granularity,
                            policy::Turns& turns, Choices* choices) const {
    return [&policy, &mail, &rotas, granularity, &turns, choices,
            now = clock_()](store::Transaction& transaction) -> Result<void> {
        if (choices != nullptr) choices->clear();
        auto drawn = settle(transaction, policy, mail, rotas, granularity, now, choices);
        if (!drawn) return tl::unexpected(drawn.error());
        turns = std::move(*drawn);
        return {};
    };
}

}  // namespace mailrota::runtime
