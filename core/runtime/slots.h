#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>

namespace mailrota::runtime {

// So many things may be under way at once; who comes when all slots are taken waits in line. Thread-safe: its
// users may be on different executors. Held by shared_ptr, for slots that are in use outlive a reload.
class Slots : public std::enable_shared_from_this<Slots> {
  public:
    explicit Slots(std::uint32_t most) : most_(most) {}  // 0: no limit
    Slots(const Slots&) = delete;

    // Gives the slot back when it is destroyed. An empty one stands for none.
    class Slot {
      public:
        Slot() = default;
        explicit Slot(std::shared_ptr<Slots> of) : of_(std::move(of)) {}
        Slot(Slot&&) = default;
        Slot& operator=(Slot&&) = delete;
        ~Slot() {
            if (of_) of_->give_back();
        }
        explicit operator bool() const { return of_ != nullptr; }

      private:
        std::shared_ptr<Slots> of_;
    };

    // Empty if none came free in time.
    boost::asio::awaitable<Slot> take(std::chrono::milliseconds within);

  private:
    struct Waiter;
    struct Place;

    bool take_or_wait(const std::shared_ptr<Waiter>& waiter);
    bool leave_line(const std::shared_ptr<Waiter>& waiter);
    void give_back();

    const std::uint32_t most_;
    std::mutex mutex_;
    std::uint32_t taken_ = 0;
    std::list<std::shared_ptr<Waiter>> line_;
};

}  // namespace mailrota::runtime
