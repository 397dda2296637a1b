#include "web/late_store.h"

#include <utility>

namespace mailrota::web {

namespace asio = boost::asio;

namespace {

tl::unexpected<Error> away() { return unavailable("the store is not open yet"); }

}  // namespace

asio::awaitable<Result<void>> LateStore::write(store::Work work, std::vector<std::string> locks) {
    auto* store = store_.get();
    if (store == nullptr) co_return away();
    auto done = co_await store->write(std::move(locks), std::move(work));
    co_return done;
}

asio::awaitable<Result<void>> LateStore::read(store::Work work) {
    auto* store = store_.get();
    if (store == nullptr) co_return away();
    auto done = co_await store->read(std::move(work));
    co_return done;
}

}  // namespace mailrota::web
