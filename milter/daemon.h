#pragma once

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>

#include "core/runtime/control.h"
#include "core/runtime/late_intake.h"
#include "core/runtime/log.h"
#include "core/runtime/metrics.h"
#include "core/runtime/policy_source.h"
#include "milter/libmilter_engine.h"
#include "milter/mails_in_progress.h"

namespace mailrota::milter {

// All that one mailrota-milter process owns, from the loaded configuration to the end. One a process; on the
// main thread, with HUP, TERM, INT and USR1 blocked in every thread.
class Daemon {
  public:
    explicit Daemon(std::unique_ptr<runtime::PolicySource> policies);
    ~Daemon();

    // Binds the socket and opens what else there is. The error is for whoever starts the program. A store
    // that is away is no error: it is tried again every second. A control socket that cannot be had is only
    // logged.
    Result<void> start();
    // Serves until a signal says stop, then waits for the mails in progress, as long as the listener's
    // `drain` says. False if libmilter gave up.
    bool serve();

  private:
    class EverySecond;
    class OnReloadSignal;

    const config::ListenerSettings& listener() const;
    Result<void> open_store();
    void open_control();
    void tell_ready();
    void reload(std::string_view why);
    Result<std::string> reload_on_command();
    bool finish_reload(const runtime::PolicySource::Reloaded& reloaded, std::string_view why);
    void warn_without_jit();
    void every_second();
    void purge();
    Result<void> probe_store();
    std::string status();
    std::string metrics();

    std::unique_ptr<runtime::PolicySource> policies_;
    std::shared_ptr<const runtime::Generation> started_;  // what the program was started with
    runtime::Log log_;
    runtime::Metrics metrics_;
    runtime::Clock clock_;
    runtime::LateIntake intake_;
    MailsInProgress mails_;
    LibmilterEngine engine_;
    std::unique_ptr<runtime::ControlServer> control_;
    std::unique_ptr<EverySecond> every_second_;
    std::unique_ptr<OnReloadSignal> on_reload_signal_;
    std::uint64_t seconds_ = 0;
    std::future<Result<void>> probing_;     // of the control socket's thread
    bool lists_wait_ = false;               // lists changed, and could not be loaded: said once
    std::atomic<bool> told_ready_ = false;  // the manager of services was told that we serve
};

}  // namespace mailrota::milter
