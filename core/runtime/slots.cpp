#include "core/runtime/slots.h"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace mailrota::runtime {

namespace asio = boost::asio;

// `granted` belongs to the mutex, the timer to its own executor.
struct Slots::Waiter {
    explicit Waiter(asio::any_io_executor executor) : timer(std::move(executor)) {}

    asio::steady_timer timer;
    bool granted = false;
};

// A place in the line, left also when the coroutine ends without going on.
struct Slots::Place {
    std::shared_ptr<Slots> slots;
    std::shared_ptr<Waiter> waiter;

    ~Place() {
        if (waiter && slots->leave_line(waiter)) slots->give_back();
    }
    Slot leave() {
        const auto leaver = std::exchange(waiter, nullptr);
        return slots->leave_line(leaver) ? Slot(slots) : Slot();
    }
};

// Whether a slot was free; else the caller stands in line.
bool Slots::take_or_wait(const std::shared_ptr<Waiter>& waiter) {
    const std::lock_guard lock(mutex_);
    if (most_ == 0 || taken_ < most_) {
        ++taken_;
        return true;
    }
    line_.push_back(waiter);
    return false;
}

// Whether the slot came after all.
bool Slots::leave_line(const std::shared_ptr<Waiter>& waiter) {
    const std::lock_guard lock(mutex_);
    if (!waiter->granted) line_.remove(waiter);
    return waiter->granted;
}

void Slots::give_back() {
    std::shared_ptr<Waiter> next;
    {
        const std::lock_guard lock(mutex_);
        if (line_.empty()) {
            --taken_;
            return;
        }
        next = std::move(line_.front());
        line_.pop_front();
        next->granted = true;
    }
    asio::post(next->timer.get_executor(), [next] { next->timer.cancel(); });
}

asio::awaitable<Slots::Slot> Slots::take(std::chrono::milliseconds within) {
    const std::shared_ptr<Slots> self = shared_from_this();
    const auto waiter = std::make_shared<Waiter>(co_await asio::this_coro::executor);
    if (take_or_wait(waiter)) co_return Slot(self);
    Place place{self, waiter};
    waiter->timer.expires_after(within);
    boost::system::error_code woken;
    co_await waiter->timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    co_return place.leave();
}

}  // namespace mailrota::runtime
