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
        // Whose turn it is and what it alerts of. When this returns, turns and incidents are on disk.
        Settled settled;
        Result<void> done;
        if (considered.needs_store()) {
            store::Work work = intake.settling(*policy, *mail, considered, granularity, settled);
            done = co_await store.write(considered.locks(), std::move(work));
        }
        // What is to be done to the mail. Pure again; Delivery carries it out.
        if (done) co_return conclude(*mail, considered, std::move(settled));
        co_return conclude_without_turns(*policy, *mail, considered, done.error());
    } catch (const std::exception& failure) {
        fault = failure.what();
    }
    co_return internal_error(*mail, fault);
}

}  // namespace mailrota::runtime
