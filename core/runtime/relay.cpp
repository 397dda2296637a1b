#include "core/runtime/relay.h"

#include <atomic>
#include <cstdint>
#include <exception>
#include <utility>

#include "core/runtime/carrying.h"

namespace mailrota::runtime {

struct Relay::State {
    Services services;
    std::shared_ptr<const Accounts> accounts{};  // that the connections use
};

namespace {

std::vector<Carried> defer_all(std::size_t recipients, const wire::Reply& reply) {
    return {recipients, Carried{Carried::Kind::deferred, reply, {}, {}, false}};
}

// Another for each carry of each process.
std::string name_of_carry(const std::string& owner) {
    static std::atomic<std::uint64_t> carries = 0;
    return owner + "/" + std::to_string(++carries);
}

}  // namespace

Relay::Relay(Services services) : state_(std::make_unique<State>(State{std::move(services)})) {}

Relay::~Relay() = default;

boost::asio::awaitable<std::vector<Carried>> Relay::carry(std::shared_ptr<const Carriers> carriers,
                                                          Consignment consignment) {
    const std::size_t recipients = consignment.recipients.size();
    const config::RelayRota* rota = carriers ? carriers->rota(consignment.rota) : nullptr;
    if (rota == nullptr) {
        const wire::Reply reply{451, "4.3.5", "There is no rota of providers " + consignment.rota};
        co_return defer_all(recipients, reply);
    }
    if (carriers->accounts() != state_->accounts) {
        state_->accounts = carriers->accounts();
        state_->services.connections.use_accounts(state_->accounts);
    }
    std::string fault;
    try {
        std::string owner = name_of_carry(state_->services.owner);
        Carrying carrying(state_->services,
                          make_parcel(std::move(carriers), *rota, std::move(consignment), std::move(owner)));
        std::vector<Carried> carried = co_await carrying.run();
        co_return carried;
    } catch (const std::exception& failure) {
        fault = failure.what();
    }
    state_->services.log.error(LogLine("exception").with("reason", fault).with("outcome", "deferred"));
    const wire::Reply reply{451, "4.3.0", "Internal error, try again later"};
    co_return defer_all(recipients, reply);
}

}  // namespace mailrota::runtime
