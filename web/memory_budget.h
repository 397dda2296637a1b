#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

namespace mailrota::web {

// How many bytes may be in memory at once for all clients together: of mails for pullers, of webhooks.
// Thread-safe; its shares may outlive it.
class MemoryBudget {
  public:
    explicit MemoryBudget(std::uint64_t most) : most_(most) {}

    // Keeps `bytes` taken while it lives; null if there is no room. The first has room whatever its size.
    std::shared_ptr<void> take(std::uint64_t bytes) {
        auto taken = taken_->load();
        do {
            if (taken > 0 && taken + bytes > most_) return nullptr;
        } while (!taken_->compare_exchange_weak(taken, taken + bytes));
        return {this, [taken = taken_, bytes](void*) { *taken -= bytes; }};
    }

  private:
    std::uint64_t most_;
    std::shared_ptr<std::atomic<std::uint64_t>> taken_ = std::make_shared<std::atomic<std::uint64_t>>(0);
};

}  // namespace mailrota::web
