#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>

namespace mailrota::runtime {

// A limit on what coroutines wait for: when the time that was set last has come, calls back once, on the
// executor, typically to close the socket whose operation hangs. Once expired it stays so, for operations
// that begin later must not wait either.
//
// Cheap to set before each wait: the timer behind it is touched only when the time is nearer than the one it
// was started for. Belongs to one executor; after its end nothing is called.
class Deadline {
  public:
    using Clock = std::chrono::steady_clock;

    Deadline(const boost::asio::any_io_executor& executor, std::function<void()> on_expiry);
    ~Deadline();
    Deadline(const Deadline&) = delete;

    // From now on this time counts. One that is past expires at the next turn of the executor.
    void set(Clock::time_point when);
    // Nothing is waited for until the next set().
    void clear();
    bool expired() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace mailrota::runtime
