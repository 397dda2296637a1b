#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace mailrota::bench {

/// The middle one; of an even number the mean of the two middle ones. Not for an empty list.
double median(std::vector<double> values);

/// Seconds of processor time that the process and its threads have used so far, user and system, to the
/// nanosecond (clock_getcpuclockid(3)); 0 if there is no such process.
double cpu_seconds(pid_t pid);

/// Resident memory in bytes (VmRSS).
double resident_bytes(pid_t pid);

/// What one round of one variant gave.
struct Figures {
    double seconds = 0;  ///< wall time of the round
    double cpu = 0;      ///< of the measured program, seconds
    double syncs = 0;    ///< fsync and fdatasync calls
    int messages = 0;

    double rate() const { return messages / seconds; }
    double cpu_ms() const { return 1000 * cpu / messages; }
};

/// A variant's rounds, in order. Rounds of one number ran next to each other, so ratios are taken pair by
/// pair.
struct Series {
    std::string name;
    std::vector<Figures> rounds;

    double rate() const;
    double cpu_ms() const;
    double syncs_per_message() const;
    /// Median of this series' processor time over the other's, round by round.
    double cpu_ratio(const Series& other) const;
    double rate_ratio(const Series& other) const;
};

}  // namespace mailrota::bench
