#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/runtime/clock.h"
#include "core/runtime/control.h"
#include "core/runtime/late_intake.h"
#include "core/runtime/log.h"
#include "core/runtime/metrics.h"
#include "core/runtime/policy_source.h"

namespace mailrota::runtime {

// What every program of ours on Asio has in common, from the loaded configuration to the end: log, metrics,
// store (which may come up later), control socket (status, metrics, reload), reload by SIGHUP and by changed
// lists, sd_notify, purging of the store, orderly stop by SIGTERM and SIGINT, one io_context for each thread.
//
// One a process; made, run and destroyed on the main thread, with HUP, TERM, INT and USR1 blocked in every
// thread. The io_contexts are there until its destruction, stopped after run(): what a program has on them is
// best destroyed before.
class Service {
  public:
    // What the program adds. All are called on the first io_context's thread.
    struct Program {
        std::string name;  // "lmtp", "web", "worker": of the control socket and the log
        // Starts serving; `unavailable` or `invalid` ends the program (EX_UNAVAILABLE, EX_CONFIG).
        std::function<Result<void>()> start;
        // Accept nothing more, end what waits for nothing.
        std::function<void()> stop;
        // Whether nothing is under way any more. Asked every 50 ms after stop(), for `drain` at most.
        std::function<bool()> idle;
        std::function<std::string()> status;  // lines "name: value", put among the service's; may be empty
        std::function<void()> reloaded;       // a new configuration is in effect; may be empty
        std::chrono::seconds drain{30};
        std::size_t threads = 1;
        std::string serving;  // "unix:/…, inet:…": for log and manager of services; may be empty
        std::string without_store = "all waits";  // what a store that is away means: for the log
    };

    explicit Service(std::unique_ptr<PolicySource> policies);
    ~Service();
    Service(const Service&) = delete;

    // Serves until a signal says stop. The exit code (sysexits.h).
    int run(Program program);

    // The io_contexts: each is run by one thread, context(0) by the main thread. Valid in run().
    boost::asio::io_context& context(std::size_t index);
    std::size_t contexts() const;

    PolicySource& policies();
    Log& log();
    Metrics& metrics();
    Clock clock();
    LateIntake& intake();
    const std::string& hostname() const;  // configured, or the machine's

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// The main() that those programs share; `program` is the whole name, "mailrota-lmtp". Reads --config and
// --version, blocks signals, raises the limit of descriptors, loads the configuration, tells its errors on
// stderr (EX_CONFIG).
int service_main(int argc, char** argv, const std::string& program, const std::string& about,
                 const std::function<int(Service&)>& run);

}  // namespace mailrota::runtime
