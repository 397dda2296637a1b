#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/runtime/metrics.h"
#include "core/store/outbox.h"

namespace mailrota::worker {

// What waits in the outbox, for status and metrics.
struct Tally {
    std::size_t due = 0;  // now, or leased
    std::size_t later = 0;
    std::size_t failed = 0;                      // for the administrator to look at
    std::optional<std::chrono::seconds> oldest;  // age of the oldest that has not ended
};

// Of jobs that are not done. Pure.
Tally tally_of(const std::vector<store::Job>& jobs, store::Time now);
// "jobs_due: 3\n…". Pure.
std::string to_lines(const Tally& tally);
void tell(runtime::Metrics& metrics, const Tally& tally);

}  // namespace mailrota::worker
