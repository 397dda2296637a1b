#include "worker/selftest_desk.h"

#include <chrono>
#include <utility>

#include "core/runtime/alert_jobs.h"
#include "worker/pause.h"

namespace mailrota::worker {

namespace asio = boost::asio;
using policy::Selftest;
using runtime::LogLine;
using runtime::SelftestRecord;
using runtime::SelftestRun;
using std::chrono::seconds;

namespace {

constexpr seconds look_every{10};

}  // namespace

SelftestDesk::SelftestDesk(asio::any_io_executor executor, Services services)
    : services_(std::move(services)), timer_(executor) {}

void SelftestDesk::stop() {
    stopping_ = true;
    timer_.cancel();
}

asio::awaitable<void> SelftestDesk::look_after() {
    while (!stopping_) {
        co_await pause(timer_, look_every);
        if (!stopping_) co_await look();
    }
}

asio::awaitable<void> SelftestDesk::look() {
    const auto selftests = services_.selftests.selftests();
    for (const Selftest& selftest : *selftests) co_await look_at(selftest);
}

asio::awaitable<void> SelftestDesk::look_at(Selftest selftest) {
    const store::Time now = std::chrono::floor<seconds>(services_.selftests.alerts.clock());
    std::optional<SelftestRecord> record;
    store::Work work = [&](store::Transaction& transaction) -> Result<void> {
        auto found = runtime::selftest_record(transaction, selftest.name);
        if (!found) return tl::unexpected(found.error());
        record = *std::move(found);
        return {};
    };
    const Result<void> read = co_await services_.selftests.alerts.store.read(std::move(work));
    if (!read) {
        complain(read.error());
        co_return;
    }
    complained_ = false;
    if (record) tell(selftest, *record);
    const auto stranded = record ? runtime::stranded_run(selftest, *record, now) : std::nullopt;
    if (stranded) {
        co_await end_stranded(selftest, *stranded);
        co_return;
    }
    const bool due = !record || (!record->run && now >= runtime::next_selftest(selftest, *record));
    if (due) co_await begin(selftest);
}

asio::awaitable<void> SelftestDesk::begin(Selftest selftest) {
    const store::Time now = std::chrono::floor<seconds>(services_.selftests.alerts.clock());
    std::optional<SelftestRun> begun;
    store::Work work = [&](store::Transaction& transaction) -> Result<void> {
        auto done = runtime::begin_due_selftest(transaction, selftest, now);
        if (!done) return tl::unexpected(done.error());
        begun = *std::move(done);
        return {};
    };
    const Result<void> done =
        co_await services_.selftests.alerts.store.write(runtime::incidents_only(), std::move(work));
    if (!done) complain(done.error());
    if (done && begun)
        services_.selftests.alerts.log.info(
            LogLine("selftest").with("selftest", selftest.name).with("to", selftest.to));
}

asio::awaitable<void> SelftestDesk::end_stranded(Selftest selftest, SelftestRun run) {
    const store::Time now = std::chrono::floor<seconds>(services_.selftests.alerts.clock());
    const auto policy = services_.selftests.alerts.policy();
    runtime::SelftestLook look;
    store::Work work = [&](store::Transaction& transaction) -> Result<void> {
        auto looked =
            runtime::look_at_selftest(transaction, *policy, &selftest, run, services_.selftests.terms, now);
        if (!looked) return tl::unexpected(looked.error());
        look = *std::move(looked);
        return {};
    };
    const Result<void> done =
        co_await services_.selftests.alerts.store.write(runtime::incidents_only(), std::move(work));
    if (!done)
        complain(done.error());
    else
        runtime::log_selftest(services_.selftests.alerts.log, run, look);
}

void SelftestDesk::tell(const Selftest& selftest, const SelftestRecord& record) {
    if (!record.last) return;
    std::optional<double> passed;
    if (record.passed) passed = static_cast<double>(record.passed->time_since_epoch().count());
    services_.metrics.selftest(selftest.name, record.last->passed, passed);
}

// Once until it works again.
void SelftestDesk::complain(const Error& error) {
    if (!complained_)
        services_.selftests.alerts.log.warning(
            LogLine("selftest-not-looked-after").with("reason", error.text));
    complained_ = true;
}

}  // namespace mailrota::worker
