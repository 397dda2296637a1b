#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <utility>

#include "core/runtime/async_store.h"
#include "core/runtime/event_settling.h"
#include "core/runtime/log.h"

namespace mailrota::worker {

// Settles the events that providers have sent, in the order in which they came. Several workers may do so on
// one store: each event is settled once. Belongs to one executor.
class EventDesk {
  public:
    struct Services {
        runtime::AsyncStore& store;
        runtime::Log& log;
        std::function<runtime::EventTerms()> terms;  // in effect at the time
    };

    explicit EventDesk(Services services) : services_(std::move(services)) {}

    // Settles the next batch. False if there is none, or the store failed: logged once until it works again.
    boost::asio::awaitable<bool> settle_some();
    std::uint64_t settled() const { return settled_; }  // events, since the start

  private:
    void tell(const runtime::SettledEvent& event) const;

    Services services_;
    std::uint64_t settled_ = 0;
    bool complained_ = false;
};

}  // namespace mailrota::worker
