#include "milter/daemon.h"

#include <pthread.h>
#include <signal.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "core/runtime/clock.h"
#include "core/runtime/notify.h"
#include "milter/listening_socket.h"

namespace mailrota::milter {

namespace {

using runtime::LogLine;

constexpr std::uint64_t first_purge = 60;  // seconds after the start
constexpr std::uint64_t purge_every = 3600;
// So long the manager of services is not told that we are ready without a store. Then it is told, or it would
// end us, and hold up the mail system that waits for us.
constexpr std::uint64_t patience_for_store = 30;  // seconds
// The callback of a mail has returned; libmilter writes the answer after that.
constexpr std::chrono::milliseconds for_the_last_answer{500};

}  // namespace

// Does the same work every second on a thread of its own.
class Daemon::EverySecond {
  public:
    explicit EverySecond(std::function<void()> work) : work_(std::move(work)), thread_([this] { run(); }) {}
    ~EverySecond() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        stop_.notify_all();
        thread_.join();
    }

  private:
    void run() {
        std::unique_lock lock(mutex_);
        while (!stop_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; })) {
            lock.unlock();
            work_();
            lock.lock();
        }
    }

    std::function<void()> work_;
    std::mutex mutex_;
    std::condition_variable stop_;
    bool stopping_ = false;
    std::thread thread_;
};

// Waits for SIGUSR1, which is blocked everywhere else. Stops itself with the same signal.
class Daemon::OnReloadSignal {
  public:
    explicit OnReloadSignal(std::function<void()> work)
        : work_(std::move(work)), thread_([this] { run(); }) {}
    ~OnReloadSignal() {
        stopping_ = true;
        pthread_kill(thread_.native_handle(), SIGUSR1);
        thread_.join();
    }

  private:
    void run() {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGUSR1);
        int signal = 0;
        while (sigwait(&set, &signal) == 0 && !stopping_) work_();
    }

    std::function<void()> work_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

Daemon::Daemon(std::unique_ptr<runtime::PolicySource> policies)
    : policies_(std::move(policies)),
      started_(policies_->current()),
      log_(started_->config.log),
      clock_(runtime::system_clock()),
      intake_(started_->config.store, clock_),
      engine_({*policies_, [this]() -> runtime::Intake& { return intake_.get(); }, log_, metrics_, clock_},
              mails_) {}

Daemon::~Daemon() = default;

const config::ListenerSettings& Daemon::listener() const { return started_->config.listeners.front(); }

Result<void> Daemon::start() {
    for (const auto& diagnostic : policies_->diagnostics())
        log_.warning(LogLine("config").with("reason", diagnostic.to_string()));
    warn_without_jit();
    metrics_.reloaded(true, started_->number);
    if (auto opened = engine_.open(listener()); !opened) return opened;
    if (auto opened = open_store(); !opened) return opened;
    open_control();
    on_reload_signal_ = std::make_unique<OnReloadSignal>([this] { reload("SIGUSR1"); });
    every_second_ = std::make_unique<EverySecond>([this] { every_second(); });
    log_.info(LogLine("started")
                  .with("version", MAILROTA_VERSION)
                  .with("socket", listener().socket)
                  .with("postfix", "smtpd_milters = " + for_postfix(listener().socket))
                  .with("sendmail", "S=" + for_sendmail(listener().socket) + ", F=T"));
    return {};
}

Result<void> Daemon::open_store() {
    auto opened = intake_.open();
    if (opened) {
        tell_ready();
        return {};
    }
    if (opened.error().kind == ErrorKind::invalid) return opened;
    log_.error(LogLine("store-away")
                   .with("reason", opened.error().text)
                   .with("outcome", "mail that needs a turn is deferred until it is there"));
    return {};
}

void Daemon::open_control() {
    const auto& path = started_->config.control.socket;
    if (path.empty()) return;
    auto opened = runtime::ControlServer::open(
        path, {{"status", [this]() -> Result<std::string> { return status(); }},
               {"metrics", [this]() -> Result<std::string> { return metrics(); }},
               {"reload", [this] { return reload_on_command(); }}});
    if (opened)
        control_ = *std::move(opened);
    else
        log_.warning(LogLine("no-control-socket").with("reason", opened.error().text));
}

void Daemon::tell_ready() {
    log_.info(LogLine("store-open").with("store", intake_.store()->description()));
    told_ready_ = true;
    runtime::notify_ready("serving on " + listener().socket);
}

bool Daemon::serve() {
    const bool ended_well = engine_.run();
    runtime::notify_stopping();
    log_.info(LogLine("stopping").with("mails_in_progress", static_cast<std::int64_t>(mails_.count())));
    const bool drained = mails_.wait_until_none(listener().drain);
    if (drained) std::this_thread::sleep_for(for_the_last_answer);
    on_reload_signal_.reset();
    every_second_.reset();
    control_.reset();
    if (!drained)
        log_.error(LogLine("cut").with("mails_in_progress", static_cast<std::int64_t>(mails_.count())));
    log_.info(LogLine("stopped").with("outcome", ended_well ? "ok" : "libmilter gave up"));
    return ended_well;
}

void Daemon::warn_without_jit() {
    if (policies_->current()->policy->jitted()) return;
    log_.warning(LogLine("no-jit").with("reason",
                                        "patterns were not compiled by PCRE2's JIT and are slow: a unit "
                                        "needs MemoryDenyWriteExecute=no"));
}

void Daemon::reload(std::string_view why) {
    // Who was told that we reload must be told when we are done; who waits for the start must not be, before
    // it.
    const bool told_ready = told_ready_;
    if (told_ready) runtime::notify_reloading();
    finish_reload(policies_->reload(), why);
    log_.reopen();
    if (told_ready) runtime::notify_ready("serving on " + listener().socket);
}

Result<std::string> Daemon::reload_on_command() {
    const auto reloaded = policies_->reload();
    std::string said;
    for (const auto& diagnostic : reloaded.diagnostics) said += diagnostic.to_string() + '\n';
    log_.reopen();
    if (!finish_reload(reloaded, "control socket")) return invalid(std::move(said));
    return said + "generation " + std::to_string(reloaded.generation) + '\n';
}

bool Daemon::finish_reload(const runtime::PolicySource::Reloaded& reloaded, std::string_view why) {
    for (const auto& diagnostic : reloaded.diagnostics)
        log_.warning(LogLine("config").with("reason", diagnostic.to_string()));
    metrics_.reloaded(reloaded.succeeded, reloaded.generation);
    const LogLine line = LogLine("reload")
                             .with("why", why)
                             .with("outcome", reloaded.succeeded ? "ok" : "the configuration in force stays")
                             .with("generation", static_cast<std::int64_t>(reloaded.generation));
    log_.write(reloaded.succeeded ? runtime::Log::Level::info : runtime::Log::Level::error, line);
    if (reloaded.succeeded) warn_without_jit();
    return reloaded.succeeded;
}

void Daemon::every_second() {
    if (intake_.store() == nullptr && intake_.open()) tell_ready();
    if (intake_.store() == nullptr && seconds_ == patience_for_store) {
        told_ready_ = true;
        runtime::notify_ready("serving without a store: mail that needs a turn is deferred");
    }
    const bool changed = policies_->lists_changed();
    if (changed && !lists_wait_) lists_wait_ = !finish_reload(policies_->reload_lists(), "a list changed");
    if (!changed) lists_wait_ = false;
    if (++seconds_ % purge_every == first_purge) purge();
}

void Daemon::purge() {
    auto* store = intake_.store();
    if (store == nullptr) return;
    const auto purged = store->purge(clock_(), started_->config.store.keep);
    if (purged)
        log_.debug(LogLine("purged").with("rows", static_cast<std::int64_t>(*purged)));
    else
        log_.warning(LogLine("purge-failed").with("reason", purged.error().text));
}

}  // namespace mailrota::milter
