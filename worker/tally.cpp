#include "worker/tally.h"

#include <algorithm>

namespace mailrota::worker {

Tally tally_of(const std::vector<store::Job>& jobs, store::Time now) {
    using State = store::Job::State;
    Tally tally;
    for (const store::Job& job : jobs) {
        if (job.state == State::failed) ++tally.failed;
        if (job.state != State::waiting && job.state != State::leased) continue;
        const bool is_due = job.state == State::leased || job.due <= now;
        ++(is_due ? tally.due : tally.later);
        tally.oldest = std::max(tally.oldest.value_or(std::chrono::seconds(0)), now - job.created);
    }
    return tally;
}

std::string to_lines(const Tally& tally) {
    std::string lines = "jobs_due: " + std::to_string(tally.due) +
                        "\njobs_waiting: " + std::to_string(tally.later) +
                        "\njobs_failed: " + std::to_string(tally.failed) + '\n';
    if (tally.oldest) lines += "oldest_job_s: " + std::to_string(tally.oldest->count()) + '\n';
    return lines;
}

void tell(runtime::Metrics& metrics, const Tally& tally) {
    const auto value = [](auto count) { return static_cast<double>(count); };
    metrics.set("mailrota_jobs_due", "Jobs that are due or under way", value(tally.due));
    metrics.set("mailrota_jobs_waiting", "Jobs that wait for their time", value(tally.later));
    metrics.set("mailrota_jobs_failed", "Jobs that ended without success and are kept", value(tally.failed));
    metrics.set("mailrota_jobs_oldest_seconds", "Age of the oldest job that has not ended",
                value(tally.oldest.value_or(std::chrono::seconds(0)).count()));
}

}  // namespace mailrota::worker
