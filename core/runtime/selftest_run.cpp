#include "core/runtime/selftest_run.h"

#include <fmt/format.h>

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

store::Job job_of(const SelftestRun& run, Time now) {
    store::Job job;
    // The token is nobody's business.
    job.key = fmt::format("{} {} {}", selftest_kind, run.selftest, run.begun.time_since_epoch().count());
    job.kind = selftest_kind;
    job.payload = to_json(run);
    job.priority = priority;
    job.created = job.due = now;
    job.expires = now + for_good;
    return job;
}

Result<std::optional<SelftestRun>> begin(store::Transaction& transaction, const Selftest& selftest,
                                         SelftestRecord record, const std::string& by, Time now) {
    // Its job's key has this second.
    if (record.last && record.last->begun == now) return std::optional<SelftestRun>();
    SelftestRun run;
    run.selftest = selftest.name;
    run.token = random_id();
    run.alert = selftest.alert;
    run.begun = now;
    run.by = by;
    record.run = run;
    if (by.empty()) record.scheduled = now;
    if (auto put = put_selftest_record(transaction, selftest.name, record); !put)
        return tl::unexpected(put.error());
    const auto job = transaction.put_job(job_of(run, now), {});
    if (!job) return tl::unexpected(job.error());
    return std::optional(std::move(run));
}

}  // namespace

Time next_selftest(const Selftest& selftest, const SelftestRecord& record) {
    return policy::overdue_at(selftest.due, record.known, record.scheduled);
}

Result<std::optional<SelftestRun>> begin_selftest(store::Transaction& transaction, const Selftest& selftest,
                                                  const std::string& by, Time now) {
    auto found = selftest_record(transaction, selftest.name);
    if (!found) return tl::unexpected(found.error());
    SelftestRecord record = found->value_or(SelftestRecord{now, {}, {}, {}, {}});
    if (record.run) return std::optional<SelftestRun>();
    return begin(transaction, selftest, std::move(record), by, now);
}

Result<std::optional<SelftestRun>> begin_due_selftest(store::Transaction& transaction,
                                                      const Selftest& selftest, Time now) {
    auto found = selftest_record(transaction, selftest.name);
    if (!found) return tl::unexpected(found.error());
    if (!*found) {
        if (auto put = put_selftest_record(transaction, selftest.name, {now, {}, {}, {}, {}}); !put)
            return tl::unexpected(put.error());
        return std::optional<SelftestRun>();
    }
    SelftestRecord& record = **found;
    if (record.run) return std::optional<SelftestRun>();
    if (now < next_selftest(selftest, record)) return std::optional<SelftestRun>();
    return begin(transaction, selftest, std::move(record), {}, now);
}

std::optional<SelftestRun> stranded_run(const Selftest& selftest, const SelftestRecord& record, Time now) {
    if (!record.run || now < record.run->begun + selftest.within + job_is_missed) return std::nullopt;
    SelftestRun run = *record.run;
    run.trouble = "whether the MTA took the mail is not known, since the job of it is gone";
    return run;
}

}  // namespace mailrota::runtime
