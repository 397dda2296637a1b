#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace mailrota::runtime {

// One immutable value that is replaced whole while others read it. Readers keep what they took for as long as
// they hold it. A mutex and a shared_ptr: libstdc++ 12's atomic shared_ptr fails under ThreadSanitizer.
// Thread-safe, never blocks for long.
template <class T>
class Snapshot {
  public:
    explicit Snapshot(std::shared_ptr<const T> value) : value_(std::move(value)) {}

    std::shared_ptr<const T> get() const {
        std::lock_guard lock(mutex_);
        return value_;
    }
    void set(std::shared_ptr<const T> value) {
        std::lock_guard lock(mutex_);
        value_.swap(value);  // the old value dies after the lock, with `value`
    }

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const T> value_;
};

}  // namespace mailrota::runtime
