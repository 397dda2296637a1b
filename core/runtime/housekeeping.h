#pragma once

#include <atomic>
#include <boost/json/object.hpp>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/runtime/control.h"
#include "core/runtime/late_intake.h"
#include "core/runtime/log.h"
#include "core/runtime/metrics.h"
#include "core/runtime/policy_source.h"

namespace mailrota::runtime {

// What each daemon of ours does beside its work: opens the store, or tries again every second until it is
// there; reloads the configuration, and by itself the lists whose files change; purges the store; tells the
// manager of services; answers on the control socket. All of it is said in log and metrics.
//
// reload() may be called from any thread; the rest by the main thread. References outlive it.
class Housekeeping {
  public:
    struct Services {
        PolicySource& policies;
        Log& log;
        Metrics& metrics;
        LateIntake& intake;
        Clock clock;
    };
    struct Words {
        std::string serving;        // for the manager of services: "serving on unix:/…"
        std::string without_store;  // "mail that needs a turn is deferred"
    };

    // `reloaded`, which may be empty, is called after each reload that succeeded, on the thread that did it.
    Housekeeping(Services services, Words words, std::function<void()> reloaded = {});
    ~Housekeeping();

    // Says what the first load had to say.
    void begin();
    // Opens the store; one that is away is only logged. An error is for whoever starts the program.
    Result<void> open_store();
    // Opens the control socket with these commands and `reload`; none if `path` is empty. One that cannot be
    // had is only logged.
    void open_control(const std::string& path, std::map<std::string, ControlCommand, std::less<>> commands);
    // From now on works every second, on a thread of its own.
    void start();
    // Ends what open_control() and start() began.
    void stop();

    void reload(std::string_view why);

    // {"description": …, "ok": …, "error": …}; a probe of the store that takes longer than a second counts as
    // failed. For the control socket's thread.
    boost::json::object store_status();
    // Sets the store's figures in the metrics.
    void count_store();

  private:
    class EverySecond;

    void tell_ready();
    Result<std::string> reload_on_command();
    bool finish_reload(const PolicySource::Reloaded& reloaded, std::string_view why);
    void warn_without_jit();
    void every_second();
    void purge();
    Result<void> probe_store();

    Services services_;
    Words words_;
    std::function<void()> reloaded_;
    std::shared_ptr<const Generation> started_;  // what the program was started with
    std::future<Result<void>> probing_;          // of the control socket's thread
    std::uint64_t seconds_ = 0;
    bool lists_wait_ = false;               // lists changed, and could not be loaded: said once
    std::atomic<bool> told_ready_ = false;  // the manager of services was told that we serve
    std::unique_ptr<ControlServer> control_;
    std::unique_ptr<EverySecond> every_second_;
};

}  // namespace mailrota::runtime
