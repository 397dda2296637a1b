#include "core/runtime/selftest_run.h"

#include <fmt/format.h>

#include <set>

#include "core/runtime/random_id.h"

namespace mailrota::runtime {
namespace {

using policy::Selftest;
using store::Time;

// Jobs end by what they have come to.
constexpr std::chrono::hours for_good{24 * 365 * 10};
// So long after its time a run's job must have ended it.
constexpr std::chrono::minutes job_is_missed{10};
constexpr int priority = 10;  // as the escalations of incidents
constexpr std::chrono::minutes still_in_time{60};
// A worker that knows a self-test looks at it every few seconds.
constexpr std::chrono::minutes nobody_looks{5};
constexpr std::chrono::hours remembered{24 * 30};

Result<std::optional<SelftestRun>> begin(store::Transaction& transaction, const Selftest& selftest,
                                         SelftestRecord record, const std::string& by, Time now) {
    SelftestRun run;
    run.selftest = selftest.name;
    run.token = random_id();
    run.alert = selftest.alert;
    run.begun = now;
    run.within = selftest.within;
    run.by = by;
    const auto job = transaction.put_job(selftest_job(run, now), {});
    if (!job) return tl::unexpected(job.error());
    if (!*job) return std::optional<SelftestRun>();
    record.run = run;
    if (auto put = put_selftest_record(transaction, selftest.name, record); !put)
        return tl::unexpected(put.error());
    return std::optional(std::move(run));
}

// The last time of day that is over by more than an hour; nothing if there is none.
std::optional<Time> last_missed(const Selftest& selftest, SelftestRecord record, Time now) {
    std::optional<Time> missed;
    if (!selftest.due.by) return missed;
    for (auto next = next_selftest(selftest, record); next < now - still_in_time;
         next = next_selftest(selftest, record))
        missed = record.scheduled = next;
    return missed;
}

// Whether the record is another one afterwards.
bool take_up_again(SelftestRecord& record, Time now) {
    if (!record.left) return false;
    if (is_left(record, now)) {
        record.known = now;
        record.scheduled.reset();
    }
    record.left.reset();
    return true;
}

// Whether the self-test, which is out of this worker's configuration, is to stay known.
Result<bool> note_left(store::Transaction& transaction, const std::string& name, Time now) {
    auto record = selftest_record(transaction, name);
    if (!record) return tl::unexpected(record.error());
    if (!*record) return false;
    if (!(*record)->left) {
        (*record)->left = now;
        const auto put = put_selftest_record(transaction, name, **record);
        if (!put) return tl::unexpected(put.error());
    }
    if (now - *(*record)->left < remembered) return true;
    const auto dropped = drop_selftest_record(transaction, name);
    if (!dropped) return tl::unexpected(dropped.error());
    return false;
}

}  // namespace

store::Job selftest_job(const SelftestRun& run, Time now) {
    store::Job job;
    // The token is nobody's business.
    job.key = fmt::format("{} {} {}{}", selftest_kind, run.selftest, run.begun.time_since_epoch().count(),
                          run.over ? " late" : "");
    job.kind = selftest_kind;
    job.payload = to_json(run);
    job.priority = priority;
    job.created = job.due = now;
    job.expires = now + for_good;
    return job;
}

Time next_selftest(const Selftest& selftest, const SelftestRecord& record) {
    return policy::overdue_at(selftest.due, record.known, record.scheduled);
}

Result<std::optional<SelftestRun>> begin_selftest(store::Transaction& transaction, const Selftest& selftest,
                                                  const std::string& by, Time now) {
    auto found = selftest_record(transaction, selftest.name);
    if (!found) return tl::unexpected(found.error());
    SelftestRecord record = found->value_or(SelftestRecord{now, {}, {}, {}, {}, {}});
    if (record.run) return std::optional<SelftestRun>();
    return begin(transaction, selftest, std::move(record), by, now);
}

Result<DueSelftest> begin_due_selftest(store::Transaction& transaction, const Selftest& selftest, Time now) {
    auto found = selftest_record(transaction, selftest.name);
    if (!found) return tl::unexpected(found.error());
    SelftestRecord record = found->value_or(SelftestRecord{now, {}, {}, {}, {}, {}});
    bool changed = take_up_again(record, now) || !*found;
    DueSelftest due;
    if (!record.run) {
        due.missed = last_missed(selftest, record, now);
        if (due.missed) record.scheduled = due.missed;
        changed = changed || due.missed;
        const Time next = next_selftest(selftest, record);
        if (now >= next) {
            SelftestRecord with_it = record;
            with_it.scheduled = selftest.due.by ? next : now;
            auto begun = begin(transaction, selftest, std::move(with_it), {}, now);
            if (!begun) return tl::unexpected(begun.error());
            due.run = *std::move(begun);
            if (due.run) return due;
        }
    }
    if (!changed) return due;
    if (auto put = put_selftest_record(transaction, selftest.name, record); !put)
        return tl::unexpected(put.error());
    return due;
}

Result<void> note_selftests(store::Transaction& transaction, const std::vector<std::string>& names,
                            Time now) {
    const auto before = selftest_names(transaction);
    if (!before) return tl::unexpected(before.error());
    std::set<std::string> known(names.begin(), names.end());
    for (const std::string& name : *before) {
        if (known.contains(name)) continue;
        const auto stays = note_left(transaction, name, now);
        if (!stays) return tl::unexpected(stays.error());
        if (*stays) known.insert(name);
    }
    const std::vector<std::string> after(known.begin(), known.end());
    return after == *before ? Result<void>() : put_selftest_names(transaction, after);
}

bool is_left(const SelftestRecord& record, Time now) {
    return record.left && now > *record.left + nobody_looks;
}

std::optional<SelftestRun> stranded_run(const Selftest& selftest, const SelftestRecord& record, Time now) {
    if (!record.run || now < record.run->begun + selftest.within + job_is_missed) return std::nullopt;
    SelftestRun run = *record.run;
    run.trouble = "whether the MTA took the mail is not known, since the job of it is gone";
    return run;
}

}  // namespace mailrota::runtime
