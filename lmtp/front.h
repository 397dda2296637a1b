#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <string>

#include "core/runtime/carriers.h"
#include "core/runtime/late_async_store.h"
#include "core/runtime/service.h"
#include "core/runtime/snapshot.h"
#include "core/runtime/under_way.h"

namespace mailrota::lmtp {

// What all sessions of the process share. Thread-safe; outlives them.
class Front {
  public:
    explicit Front(runtime::Service& of) : service(of), store(of.intake()) {}

    // Reads the secrets of the providers in the configuration in effect. If one cannot be read, those that
    // were in use stay.
    Result<void> open_carriers();

    // A name for a session that no other has, of this process or another.
    std::string new_session();

    runtime::Service& service;
    runtime::LateAsyncStore store;
    runtime::UnderWay under_way;
    runtime::Snapshot<runtime::Carriers> carriers{nullptr};  // null before the first open_carriers()
    boost::asio::thread_pool logins{1};  // passwords are hashed here: that takes long by design

  private:
    std::string process_ = random_name();
    std::atomic<std::uint64_t> sessions_ = 0;

    static std::string random_name();
};

}  // namespace mailrota::lmtp
