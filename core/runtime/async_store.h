#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/store/store.h"

namespace mailrota::runtime {

// The store for coroutines: works wait in line for one of two threads of its own (one writes, one reads), and
// what waits together goes to the store together, so that many sessions share a commit and its sync.
//
// Thread-safe. The coroutine goes on in its own executor when its work is durable. Owned by main; the store
// and every io_context whose coroutines wait here outlive it. Destruction finishes what waits.
class AsyncStore {
  public:
    explicit AsyncStore(store::Store& store);
    ~AsyncStore();
    AsyncStore(const AsyncStore&) = delete;

    // As Store::write and Store::read. The work runs on another thread while the coroutine waits: it may use
    // the coroutine's variables by reference.
    boost::asio::awaitable<Result<void>> write(std::vector<std::string> rotas, store::Work work);
    boost::asio::awaitable<Result<void>> read(store::Work work);

  private:
    class Line;
    std::unique_ptr<Line> writes_;
    std::unique_ptr<Line> reads_;
};

}  // namespace mailrota::runtime
