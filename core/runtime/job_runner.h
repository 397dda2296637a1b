#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>

#include "core/config/config.h"
#include "core/runtime/async_store.h"
#include "core/runtime/clock.h"
#include "core/runtime/log.h"
#include "core/runtime/metrics.h"
#include "core/store/store.h"

namespace mailrota::runtime {

// What an attempt at a job came to. `also` is written in the same transaction as the job's new state:
// stories, journal entries, notifications.
struct Finished {
    std::string last;  // one line for people
    store::Work also;  // may be empty
};
struct Postponed {
    std::string last;
    std::string payload;           // of what is left
    std::chrono::seconds wait{0};  // the other side's wish (Retry-After); 0: the runner's own back-off
    store::Work also;
    bool exactly = false;  // after `wait`, whatever the back-off says: nothing failed, it is looked again
};
struct Failed {
    std::string last;
    store::Work also;
};
using Attempted = std::variant<Finished, Postponed, Failed>;

// Does one attempt at a job of one kind. `expired` says that this is the last: what is left has to end now.
using JobKind =
    std::function<boost::asio::awaitable<Attempted>(store::Job job, std::string bytes, bool expired)>;

// Runs the outbox: claims what is due by lease, attempts it, writes what came of it under the job's fence. A
// lease is renewed while an attempt lasts; a job whose fence is not ours any more is left alone. Back-off
// doubles from first_retry to last_retry with a little chance in it. Jobs of other kinds are left to other
// runners, which may share the store. Belongs to one executor.
class JobRunner {
  public:
    struct Services {
        AsyncStore& store;
        Log& log;
        Metrics& metrics;
        Clock clock;
        config::WorkerSettings settings;
        std::string owner;  // "host/pid"
    };

    JobRunner(Services services, std::map<std::string, JobKind, std::less<>> kinds);
    ~JobRunner();
    JobRunner(const JobRunner&) = delete;

    // Until stop(): looks every second, and at once after a claim that was full. Returns when no attempt is
    // under way any more.
    boost::asio::awaitable<void> run();
    void stop();
    std::size_t in_flight() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

// Seconds until the next try after `attempts` tries, without the chance. Pure.
std::chrono::seconds back_off(int attempts, std::chrono::seconds first, std::chrono::seconds last);

}  // namespace mailrota::runtime
