#pragma once

#include <memory>
#include <string>

#include "core/runtime/housekeeping.h"
#include "core/runtime/late_intake.h"
#include "core/runtime/log.h"
#include "core/runtime/metrics.h"
#include "core/runtime/policy_source.h"
#include "core/runtime/signals.h"
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
    const config::ListenerSettings& listener() const { return listener_; }
    std::string status();
    std::string metrics();

    std::unique_ptr<runtime::PolicySource> policies_;
    std::shared_ptr<const runtime::Generation> started_;  // what the program was started with
    config::ListenerSettings listener_;  // ours; the first one of another protocol if there is none
    runtime::Log log_;
    runtime::Metrics metrics_;
    runtime::Clock clock_;
    runtime::LateIntake intake_;
    MailsInProgress mails_;
    LibmilterEngine engine_;
    runtime::Housekeeping housekeeping_;
    std::unique_ptr<runtime::Signals> reload_signal_;
};

}  // namespace mailrota::milter
