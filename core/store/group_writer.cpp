#include "core/store/group_writer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <thread>

#include "core/store/guarded.h"
#include "core/store/migrations.h"

namespace mailrota::store {
namespace {

constexpr std::size_t most_in_a_group = 256;

// Before each try of a work by itself, but the first: so that whoever won a deadlock gets on with it.
constexpr std::chrono::milliseconds pauses[] = {std::chrono::milliseconds(0), std::chrono::milliseconds(20),
                                                std::chrono::milliseconds(100)};

std::vector<std::string> sorted_once(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

bool passes_on_retry(const SqlError& error) {
    return error.kind == SqlError::Kind::conflict || error.kind == SqlError::Kind::lost;
}

template <class Group>
void fail(Group group, const SqlError& error) {
    for (auto* job : group) job->result = tl::unexpected(to_error(error));
}

}  // namespace

GroupWriter::GroupWriter(SqlDatabase& database, std::unique_ptr<SqlConnection> connection)
    : database_(database), connection_(std::move(connection)) {}

Result<void> GroupWriter::run(std::vector<std::string> rotas, const Task& task, End end) {
    Caller caller;
    Job job{.rotas = sorted_once(std::move(rotas)), .task = task, .end = end, .caller = caller};
    line_up(caller, std::span(&job, 1));
    return job.result;
}

std::vector<Result<void>> GroupWriter::run_all(std::vector<Request> requests) {
    Caller caller;
    std::vector<Job> jobs;
    jobs.reserve(requests.size());
    for (Request& request : requests)
        jobs.push_back({.rotas = sorted_once(std::move(request.rotas)),
                        .task = *request.task,
                        .end = request.end,
                        .caller = caller});
    line_up(caller, jobs);
    std::vector<Result<void>> results;
    results.reserve(jobs.size());
    for (Job& job : jobs) results.push_back(std::move(job.result));
    return results;
}

// The jobs of a caller stand together, so that while any is left one of them comes to the front.
void GroupWriter::line_up(Caller& caller, std::span<Job> jobs) {
    std::unique_lock lock(mutex_);
    caller.waiting_for = jobs.size();
    for (Job& job : jobs) line_.push_back(&job);
    while (caller.waiting_for > 0) {
        caller.wake.wait(lock, [&] { return caller.waiting_for == 0 || &line_.front()->caller == &caller; });
        if (caller.waiting_for > 0) lead(lock);
    }
}

void GroupWriter::lead(std::unique_lock<std::mutex>& lock) {
    const auto size = static_cast<std::ptrdiff_t>(std::min(line_.size(), most_in_a_group));
    std::array<Job*, most_in_a_group> jobs;
    std::copy_n(line_.begin(), size, jobs.begin());
    const Group group(jobs.data(), static_cast<std::size_t>(size));
    lock.unlock();
    settle_or_fail(group);
    lock.lock();
    count(group);
    line_.erase(line_.begin(), line_.begin() + size);
    for (Job* job : group)
        if (--job->caller.waiting_for == 0) job->caller.wake.notify_one();
    if (!line_.empty()) line_.front()->caller.wake.notify_one();
}

// Those who wait are told whatever happens: a job must not stay in the line when its caller is gone.
void GroupWriter::settle_or_fail(Group group) noexcept {
    try {
        settle(group);
    } catch (...) {
        connection_.reset();
        for (Job* job : group) job->result = unavailable("out of memory");
    }
}

void GroupWriter::settle(Group group) {
    for (const auto savepoints : {Savepoints::none, Savepoints::each}) {
        if (auto begun = begin(group); !begun) return fail(group, begun.error());
        auto settled = run_group(group, savepoints);
        if (settled && *settled) return;
        if (settled) continue;
        if (group.size() == 1 && !passes_on_retry(settled.error())) return fail(group, settled.error());
        return settle_singly(group);
    }
}

void GroupWriter::settle_singly(Group group) {
    for (std::size_t i = 0; i < group.size(); ++i) {
        SqlResult<void> done;
        for (const auto pause : pauses) {
            if (!done) std::this_thread::sleep_for(pause);
            if (auto begun = begin(group.subspan(i, 1)); !begun) return fail(group.subspan(i), begun.error());
            done = run_group(group.subspan(i, 1), Savepoints::none).map([](bool) {});
            if (done || !passes_on_retry(done.error())) break;
        }
        if (!done) fail(group.subspan(i, 1), done.error());
    }
}

// A connection that died while idle is noticed only here, before any work has run.
SqlResult<void> GroupWriter::begin(Group group) {
    auto begun = try_begin(group);
    return begun || !passes_on_retry(begun.error()) ? begun : try_begin(group);
}

SqlResult<void> GroupWriter::try_begin(Group group) {
    if (!connection_ || !connection_->usable()) {
        connection_.reset();
        auto made = database_.connect(SqlDatabase::Role::writer);
        if (!made) return tl::unexpected(made.error());
        if (auto ours = check_schema(**made, database_.description()); !ours) return ours;
        connection_ = std::move(*made);
    }
    std::vector<std::string> rotas;
    for (const Job* job : group) rotas.insert(rotas.end(), job->rotas.begin(), job->rotas.end());
    return connection_->begin_write(sorted_once(std::move(rotas)));
}

// False: a work failed that has no savepoint, and all of the group is undone. An error undoes it as well.
SqlResult<bool> GroupWriter::run_group(Group group, Savepoints savepoints) {
    const bool alone = group.size() == 1;
    SqlResult<void> done;
    bool settled = true;
    for (auto job = group.begin(); done && settled && job != group.end(); ++job) {
        const bool own = !alone && (savepoints == Savepoints::each || (*job)->end == End::roll_back);
        done = run_one(**job, own);
        settled = alone || own || (*job)->result;
    }
    if (done && settled) done = finish(group);
    connection_->rollback();
    if (!done) return tl::unexpected(done.error());
    return settled;
}

// An error here is one that undoes the whole group; the work's own goes into its result.
SqlResult<void> GroupWriter::run_one(Job& job, bool in_savepoint) {
    if (in_savepoint)
        if (auto set = connection_->execute("SAVEPOINT work"); !set) return tl::unexpected(set.error());
    SqlTransaction transaction(*connection_, job.rotas);
    job.result = guarded(job.task, transaction);
    const auto& fault = transaction.fault();
    if (fault && (passes_on_retry(*fault) || !connection_->in_transaction())) return tl::unexpected(*fault);
    if (fault && job.result) job.result = tl::unexpected(to_error(*fault));
    if (!in_savepoint) return {};
    if (!job.result || job.end == End::roll_back)
        if (auto undone = connection_->execute("ROLLBACK TO SAVEPOINT work"); !undone)
            return tl::unexpected(undone.error());
    return connection_->execute("RELEASE SAVEPOINT work").map([](const SqlRows&) {});
}

// Nothing to keep costs no sync.
SqlResult<void> GroupWriter::finish(Group group) {
    const bool keep = std::any_of(group.begin(), group.end(),
                                  [](const Job* job) { return job->result && job->end == End::commit; });
    return keep ? connection_->commit() : SqlResult<void>();
}

void GroupWriter::count(Group group) {
    std::uint64_t kept = 0;
    for (const Job* job : group) {
        if (!job->result) ++counters_.failures;
        if (job->result && job->end == End::commit) ++kept;
    }
    counters_.works += kept;
    counters_.commits += kept > 0 ? 1 : 0;
}

StoreCounters GroupWriter::counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
}

}  // namespace mailrota::store
