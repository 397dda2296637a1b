#include "core/runtime/housekeeping.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "core/runtime/notify.h"

namespace mailrota::runtime {
namespace {

constexpr std::uint64_t first_purge = 60;  // seconds after the start
constexpr std::uint64_t purge_every = 3600;
// So long the manager of services is not told that we are ready without a store. Then it is told, or it would
// end us, and hold up the mail system that waits for us.
constexpr std::uint64_t patience_for_store = 30;  // seconds
// Whoever asks is not to wait as long as mail does.
constexpr std::chrono::seconds longest_probe{1};

}  // namespace

// Does the same work every second on a thread of its own.
class Housekeeping::EverySecond {
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

Housekeeping::Housekeeping(Services services, Words words, std::function<void()> reloaded)
    : services_(std::move(services)),
      words_(std::move(words)),
      reloaded_(std::move(reloaded)),
      started_(services_.policies.current()) {}

Housekeeping::~Housekeeping() { stop(); }

void Housekeeping::begin() {
    for (const auto& diagnostic : services_.policies.diagnostics())
        services_.log.warning(LogLine("config").with("reason", diagnostic.to_string()));
    warn_without_jit();
    services_.metrics.reloaded(true, started_->number);
}

Result<void> Housekeeping::open_store() {
    auto opened = services_.intake.open();
    if (opened) {
        tell_ready();
        return {};
    }
    if (opened.error().kind == ErrorKind::invalid) return opened;
    services_.log.error(LogLine("store-away")
                            .with("reason", opened.error().text)
                            .with("outcome", words_.without_store + " until it is there"));
    return {};
}

void Housekeeping::open_control(const std::string& path,
                                std::map<std::string, ControlCommand, std::less<>> commands) {
    if (path.empty()) return;
    commands["reload"] = [this] { return reload_on_command(); };
    auto opened = ControlServer::open(path, std::move(commands));
    if (opened)
        control_ = *std::move(opened);
    else
        services_.log.warning(LogLine("no-control-socket").with("reason", opened.error().text));
}

void Housekeeping::start() {
    every_second_ = std::make_unique<EverySecond>([this] { every_second(); });
}

void Housekeeping::stop() {
    every_second_.reset();
    control_.reset();
}

void Housekeeping::tell_ready() {
    services_.log.info(LogLine("store-open").with("store", services_.intake.store()->description()));
    told_ready_ = true;
    notify_ready(words_.serving);
}

void Housekeeping::warn_without_jit() {
    if (services_.policies.current()->policy->jitted()) return;
    services_.log.warning(LogLine("no-jit").with("reason",
                                                 "patterns were not compiled by PCRE2's JIT and are slow: a "
                                                 "unit needs MemoryDenyWriteExecute=no"));
}

void Housekeeping::reload(std::string_view why) {
    // Who was told that we reload must be told when we are done; who waits for the start must not be, before
    // it.
    const bool told_ready = told_ready_;
    if (told_ready) notify_reloading();
    finish_reload(services_.policies.reload(), why);
    services_.log.reopen();
    if (told_ready) notify_ready(words_.serving);
}

Result<std::string> Housekeeping::reload_on_command() {
    const auto reloaded = services_.policies.reload();
    std::string said;
    for (const auto& diagnostic : reloaded.diagnostics) said += diagnostic.to_string() + '\n';
    services_.log.reopen();
    if (!finish_reload(reloaded, "control socket")) return invalid(std::move(said));
    return said + "generation " + std::to_string(reloaded.generation) + '\n';
}

bool Housekeeping::finish_reload(const PolicySource::Reloaded& reloaded, std::string_view why) {
    for (const auto& diagnostic : reloaded.diagnostics)
        services_.log.warning(LogLine("config").with("reason", diagnostic.to_string()));
    services_.metrics.reloaded(reloaded.succeeded, reloaded.generation);
    const LogLine line = LogLine("reload")
                             .with("why", why)
                             .with("outcome", reloaded.succeeded ? "ok" : "the configuration in force stays")
                             .with("generation", static_cast<std::int64_t>(reloaded.generation));
    services_.log.write(reloaded.succeeded ? Log::Level::info : Log::Level::error, line);
    if (!reloaded.succeeded) return false;
    warn_without_jit();
    if (reloaded_) reloaded_();
    return true;
}

void Housekeeping::every_second() {
    auto& intake = services_.intake;
    if (intake.store() == nullptr && intake.open()) tell_ready();
    if (intake.store() == nullptr && seconds_ == patience_for_store) {
        told_ready_ = true;
        notify_ready("serving without a store: " + words_.without_store);
    }
    const bool changed = services_.policies.lists_changed();
    if (changed && !lists_wait_)
        lists_wait_ = !finish_reload(services_.policies.reload_lists(), "a list changed");
    if (!changed) lists_wait_ = false;
    if (++seconds_ % purge_every == first_purge) purge();
}

void Housekeeping::purge() {
    auto* store = services_.intake.store();
    if (store == nullptr) return;
    const auto purged = store->purge(services_.clock(), started_->config.store.keep);
    if (purged)
        services_.log.debug(LogLine("purged").with("rows", static_cast<std::int64_t>(*purged)));
    else
        services_.log.warning(LogLine("purge-failed").with("reason", purged.error().text));
}

// A probe that takes longer goes on; once it is over, its answer is of the past.
Result<void> Housekeeping::probe_store() {
    auto* store = services_.intake.store();
    if (store == nullptr) return {};
    const auto over_within = [this](std::chrono::seconds limit) {
        return probing_.valid() && probing_.wait_for(limit) == std::future_status::ready;
    };
    if (!probing_.valid() || over_within(std::chrono::seconds(0)))
        probing_ = std::async(std::launch::async, [store] { return store->probe(); });
    if (over_within(longest_probe)) return probing_.get();
    return unavailable("no answer within a second: locked, overloaded or away");
}

boost::json::object Housekeeping::store_status() {
    const auto* store = services_.intake.store();
    if (store == nullptr) return {{"description", "not open yet"}, {"ok", false}};
    const auto probed = probe_store();
    boost::json::object status{{"description", store->description()}, {"ok", probed.has_value()}};
    if (!probed) status["error"] = probed.error().text;
    return status;
}

void Housekeeping::count_store() {
    auto& metrics = services_.metrics;
    const auto* store = services_.intake.store();
    metrics.set("mailrota_store_open", "1 if the store is open", store != nullptr ? 1 : 0);
    if (store == nullptr) return;
    const auto counters = store->counters();
    const auto count = [](auto value) { return static_cast<double>(value); };
    metrics.set("mailrota_store_works_total", "Pieces of work committed", count(counters.works));
    metrics.set("mailrota_store_commits_total", "Transactions that held them", count(counters.commits));
    metrics.set("mailrota_store_failures_total", "Pieces of work that failed", count(counters.failures));
}

}  // namespace mailrota::runtime
