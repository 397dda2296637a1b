#include "core/store/memory_store.h"

#include "core/store/guarded.h"
#include "core/store/memory_transaction.h"
#include "core/store/trace_secret.h"

namespace mailrota::store {
Result<std::unique_ptr<Store>> MemoryStore::open() {
    auto bytes = new_trace_secret();
    if (!bytes) return tl::unexpected(bytes.error());
    auto secret = to_trace_secret(*bytes);
    if (!secret) return tl::unexpected(secret.error());
    return std::unique_ptr<Store>(new MemoryStore(*secret));
}

Result<void> MemoryStore::write(std::vector<std::string> rotas, Work work) {
    const std::lock_guard lock(mutex_);
    MemoryTransaction transaction(tables_, std::move(rotas));
    auto result = guarded(work, transaction);
    if (result) {
        ++counters_.works;
        ++counters_.commits;
    } else {
        transaction.undo();
        ++counters_.failures;
    }
    return result;
}

Result<void> MemoryStore::read(Work work) {
    const std::lock_guard lock(mutex_);
    MemoryTransaction transaction(tables_, std::nullopt);
    return guarded(work, transaction);
}

Result<void> MemoryStore::rehearse(std::vector<std::string> rotas, Work work) {
    const std::lock_guard lock(mutex_);
    MemoryTransaction transaction(tables_, std::move(rotas));
    auto result = guarded(work, transaction);
    transaction.undo();
    if (!result) ++counters_.failures;
    return result;
}

Result<std::size_t> MemoryStore::purge(Time now, std::chrono::seconds keep) {
    const std::lock_guard lock(mutex_);
    return std::erase_if(tables_.turns,
                         [&](const auto& entry) { return entry.second.turn.at < now - keep; }) +
           std::erase_if(tables_.conversations, [&](const auto& entry) { return entry.second.until <= now; });
}

StoreCounters MemoryStore::counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
}

}  // namespace mailrota::store
