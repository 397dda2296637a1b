#include "core/runtime/deadline.h"

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace mailrota::runtime {

// Held by the timer's handler as well, which may run after the Deadline has gone.
struct Deadline::State : std::enable_shared_from_this<State> {
    State(const boost::asio::any_io_executor& executor, std::function<void()> expiry)
        : timer(executor), on_expiry(std::move(expiry)) {}

    void arm() {
        armed = true;
        timer.expires_at(due);
        timer.async_wait([self = shared_from_this()](boost::system::error_code failure) {
            if (failure != boost::asio::error::operation_aborted) self->ring();
        });
    }

    // The time that the timer was started for may not count any more.
    void ring() {
        armed = false;
        if (!on_expiry || expired || due == Clock::time_point::max()) return;
        if (Clock::now() < due) return arm();
        expired = true;
        on_expiry();
    }

    boost::asio::steady_timer timer;
    std::function<void()> on_expiry;  // empty: the owner has gone
    Clock::time_point due = Clock::time_point::max();
    bool armed = false;
    bool expired = false;
};

Deadline::Deadline(const boost::asio::any_io_executor& executor, std::function<void()> on_expiry)
    : state_(std::make_shared<State>(executor, std::move(on_expiry))) {}

Deadline::~Deadline() {
    state_->on_expiry = nullptr;
    state_->timer.cancel();
}

void Deadline::set(Clock::time_point when) {
    state_->due = when;
    if (!state_->armed || when < state_->timer.expiry()) state_->arm();
}

void Deadline::clear() { state_->due = Clock::time_point::max(); }

bool Deadline::expired() const { return state_->expired; }

}  // namespace mailrota::runtime
