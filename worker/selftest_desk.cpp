#include "worker/selftest_desk.h"

#include <algorithm>
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
    co_await note_names(selftests);
    for (const Selftest& selftest : *selftests) co_await look_at(selftest);
}

// Not at every look: only what is new to this worker is told to the others.
asio::awaitable<void> SelftestDesk::note_names(runtime::SelftestServices::Selftests selftests) {
    std::vector<std::string> names;
    for (const Selftest& selftest : *selftests) names.push_back(selftest.name);
    if (names == names_) co_return;
    const store::Time now = std::chrono::floor<seconds>(services_.selftests.alerts.clock());
    store::Work work = [&](store::Transaction& transaction) {
        return runtime::note_selftests(transaction, names, now);
    };
    const bool written = co_await write(std::move(work));
    if (!written) co_return;
    for (auto told = told_.begin(); told != told_.end();) {
        const bool gone = std::ranges::find(names, *told) == names.end();
        if (gone) services_.metrics.selftest_gone(*told);
        told = gone ? told_.erase(told) : std::next(told);
    }
    names_ = std::move(names);
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
        complain(read_complained_, read.error());
        co_return;
    }
    read_complained_ = false;
    if (record) tell(selftest, *record);
    const auto stranded = record ? runtime::stranded_run(selftest, *record, now) : std::nullopt;
    if (stranded) {
        co_await end_stranded(selftest, *stranded);
        co_return;
    }
    const bool due =
        !record || record->left || (!record->run && now >= runtime::next_selftest(selftest, *record));
    if (due) co_await begin(selftest);
}

asio::awaitable<void> SelftestDesk::begin(Selftest selftest) {
    const store::Time now = std::chrono::floor<seconds>(services_.selftests.alerts.clock());
    runtime::DueSelftest due;
    store::Work work = [&](store::Transaction& transaction) -> Result<void> {
        auto done = runtime::begin_due_selftest(transaction, selftest, now);
        if (!done) return tl::unexpected(done.error());
        due = *std::move(done);
        return {};
    };
    const bool written = co_await write(std::move(work));
    if (!written) co_return;
    runtime::Log& log = services_.selftests.alerts.log;
    if (due.missed)
        log.warning(LogLine("selftest-missed")
                        .with("selftest", selftest.name)
                        .with("reason", "no worker was there within an hour"));
    if (due.run) log.info(LogLine("selftest").with("selftest", selftest.name).with("to", selftest.to));
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
    const bool written = co_await write(std::move(work));
    if (written) runtime::log_selftest(services_.selftests.alerts.log, run, look);
}

asio::awaitable<bool> SelftestDesk::write(store::Work work) {
    const Result<void> done =
        co_await services_.selftests.alerts.store.write(runtime::incidents_only(), std::move(work));
    if (!done) complain(write_complained_, done.error());
    if (done) write_complained_ = false;
    co_return done.has_value();
}

void SelftestDesk::tell(const Selftest& selftest, const SelftestRecord& record) {
    if (!record.last) return;
    std::optional<double> passed;
    told_.insert(selftest.name);
    if (record.passed) passed = static_cast<double>(record.passed->time_since_epoch().count());
    services_.metrics.selftest(selftest.name, record.last->passed, passed);
}

// Once until it works again.
void SelftestDesk::complain(bool& complained, const Error& error) {
    if (!complained)
        services_.selftests.alerts.log.warning(
            LogLine("selftest-not-looked-after").with("reason", error.text));
    complained = true;
}

}  // namespace mailrota::worker
