#pragma once

#include "core/runtime/late_async_store.h"

namespace mailrota::web {

// The store as pages use it: away is an error like any other. Thread-safe; outlives the io_contexts' run.
class LateStore {
  public:
    explicit LateStore(runtime::LateIntake& intake) : store_(intake) {}

    // `unavailable` as long as the store is not open. `locks`: what the work draws or touches, as
    // Store::write() takes it.
    boost::asio::awaitable<Result<void>> write(store::Work work, std::vector<std::string> locks = {});
    boost::asio::awaitable<Result<void>> read(store::Work work);

  private:
    runtime::LateAsyncStore store_;
};

}  // namespace mailrota::web
