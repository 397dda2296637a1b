#include "core/runtime/async_intake.h"

#include <exception>
#include <string>
#include <utility>

namespace mailrota::runtime {

boost::asio::awaitable<Taken> take(Intake& intake, AsyncStore& store,
                                   std::shared_ptr<const policy::Policy> policy,
                                   std::shared_ptr<const mail::Mail> mail, policy::Granularity granularity) {
    std::string fault;
    try {
        // What the rules and the rotas' addresses say of it. Pure: nothing is drawn or remembered yet.
        const Considered considered = consider(*policy, *mail, intake.secret(), granularity);
        // Whose turn it is, if any rota is concerned. When this returns, the turns are on disk.
        policy::Turns turns;
        Result<void> drawn;
        if (!considered.rotas.empty()) {
            store::Work work = intake.drawing(*policy, *mail, considered.rotas, granularity, turns);
            drawn = co_await store.write(considered.rotas, std::move(work));
        }
        // What is to be done to the mail. Pure again; Delivery carries it out.
        if (drawn) co_return conclude(*mail, considered, std::move(turns));
        co_return conclude_without_turns(*policy, *mail, considered, drawn.error());
    } catch (const std::exception& failure) {
        fault = failure.what();
    }
    co_return internal_error(*mail, fault);
}

}  // namespace mailrota::runtime
