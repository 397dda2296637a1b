#include "core/runtime/delivery.h"

#include <utility>

#include "core/runtime/errand.h"

namespace mailrota::runtime {

struct Delivery::State {
    Services services;
    bool in_doubt = false;  // the store failed to write the last time
};

Delivery::Delivery(Services services) : state_(std::make_unique<State>(State{std::move(services)})) {}

Delivery::~Delivery() = default;

boost::asio::awaitable<std::vector<RecipientOutcome>> Delivery::perform(Order order, Keeper keeper) {
    Errand errand(state_->services, std::move(order), keeper, state_->in_doubt);
    std::vector<RecipientOutcome> outcomes = co_await errand.run();
    co_return outcomes;
}

}  // namespace mailrota::runtime
