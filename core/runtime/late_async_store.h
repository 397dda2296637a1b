#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "core/runtime/async_store.h"
#include "core/runtime/late_intake.h"

namespace mailrota::runtime {

// The store for coroutines, once it is open: it may come up later than the program does. Thread-safe. The
// intake outlives it.
class LateAsyncStore {
  public:
    explicit LateAsyncStore(LateIntake& intake) : intake_(intake) {}

    // Null as long as the store is not open; the same from then on. Never blocks for long.
    AsyncStore* get() {
        if (auto* made = in_force_.load()) return made;
        auto* store = intake_.store();
        if (store == nullptr) return nullptr;
        const std::lock_guard lock(making_);
        if (!made_) made_ = std::make_unique<AsyncStore>(*store);
        in_force_ = made_.get();
        return made_.get();
    }

  private:
    LateIntake& intake_;
    std::mutex making_;
    std::unique_ptr<AsyncStore> made_;
    std::atomic<AsyncStore*> in_force_ = nullptr;
};

}  // namespace mailrota::runtime
