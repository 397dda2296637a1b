#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "core/config/config.h"
#include "core/runtime/clock.h"
#include "core/runtime/intake.h"
#include "core/store/store.h"

namespace mailrota::runtime {

// An intake that is there before its store is: a database server may come up later than we do. Until then
// mail that needs a turn is deferred (or passes, where the policy says so) and all other mail goes on.
// Thread-safe. Owned by main; what get() returns lives as long as this.
class LateIntake {
  public:
    LateIntake(config::StoreSettings settings, Clock clock);
    ~LateIntake();
    LateIntake(const LateIntake&) = delete;

    // The intake in force. Never blocks.
    Intake& get() { return *in_force_.load(); }
    // Opens the store if it is not open. One that can be read and not written is left closed: SQLite would go
    // on to take it for read-only after it is not. Blocks as long as the driver does. An error of kind
    // `invalid` will not pass by itself.
    Result<void> open();
    // The open store; nothing before that.
    store::Store* store() { return store_.load(); }

  private:
    class Absent;
    struct Opened;

    config::StoreSettings settings_;
    Clock clock_;
    std::unique_ptr<Absent> absent_;
    Intake without_;
    std::mutex opening_;
    std::unique_ptr<Opened> opened_;
    std::atomic<Intake*> in_force_;
    std::atomic<store::Store*> store_ = nullptr;
};

}  // namespace mailrota::runtime
