#include "milter/daemon.h"

#include <signal.h>

#include <chrono>
#include <thread>
#include <utility>

#include "core/runtime/notify.h"
#include "milter/listening_socket.h"

namespace mailrota::milter {

namespace {

using runtime::LogLine;

// The callback of a mail has returned; libmilter writes the answer after that.
constexpr std::chrono::milliseconds for_the_last_answer{500};

// The others are for mailrota-lmtp.
config::ListenerSettings milter_listener(const config::Config& config) {
    for (const auto& listener : config.listeners)
        if (listener.protocol == config::ListenerSettings::Protocol::milter) return listener;
    return config.listeners.front();
}

}  // namespace

Daemon::Daemon(std::unique_ptr<runtime::PolicySource> policies)
    : policies_(std::move(policies)),
      started_(policies_->current()),
      listener_(milter_listener(started_->config)),
      log_(started_->config.log),
      clock_(runtime::system_clock()),
      intake_(started_->config.store, clock_),
      engine_({*policies_, [this]() -> runtime::Intake& { return intake_.get(); }, log_, metrics_, clock_},
              mails_),
      housekeeping_({*policies_, log_, metrics_, intake_, clock_},
                    {"serving on " + listener().socket, "mail that needs a turn is deferred"}) {}

Daemon::~Daemon() = default;

Result<void> Daemon::start() {
    if (listener().protocol != config::ListenerSettings::Protocol::milter)
        return invalid(started_->config.file + ": there is no [listener.NAME] with protocol = \"milter\"");
    housekeeping_.begin();
    if (auto opened = engine_.open(listener()); !opened) return opened;
    if (auto opened = housekeeping_.open_store(); !opened) return opened;
    housekeeping_.open_control(started_->config.control.socket,
                               {{"status", [this]() -> Result<std::string> { return status(); }},
                                {"metrics", [this]() -> Result<std::string> { return metrics(); }}});
    reload_signal_ = std::make_unique<runtime::Signals>(std::vector{SIGUSR1},
                                                        [this](int) { housekeeping_.reload("SIGUSR1"); });
    housekeeping_.start();
    log_.info(LogLine("started")
                  .with("version", MAILROTA_VERSION)
                  .with("socket", listener().socket)
                  .with("postfix", "smtpd_milters = " + for_postfix(listener().socket))
                  .with("sendmail", "S=" + for_sendmail(listener().socket) + ", F=T"));
    return {};
}

bool Daemon::serve() {
    const bool ended_well = engine_.run();
    runtime::notify_stopping();
    log_.info(LogLine("stopping").with("mails_in_progress", static_cast<std::int64_t>(mails_.count())));
    const bool drained = mails_.wait_until_none(listener().drain);
    if (drained) std::this_thread::sleep_for(for_the_last_answer);
    reload_signal_.reset();
    housekeeping_.stop();
    if (!drained)
        log_.error(LogLine("cut").with("mails_in_progress", static_cast<std::int64_t>(mails_.count())));
    log_.info(LogLine("stopped").with("outcome", ended_well ? "ok" : "libmilter gave up"));
    return ended_well;
}

}  // namespace mailrota::milter
