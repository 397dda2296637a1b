#include "bench/figures.h"

#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>

namespace mailrota::bench {

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double cpu_seconds(pid_t pid) {
    clockid_t clock{};
    timespec used{};
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) return 0;
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

double resident_bytes(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
    double total = 0, resident = 0;
    file >> total >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

namespace {

template <class Figure>
double median_of(const std::vector<Figures>& rounds, Figure figure) {
    std::vector<double> values;
    for (const auto& round : rounds) values.push_back(figure(round));
    return median(values);
}

template <class Figure>
double ratio_of(const std::vector<Figures>& left, const std::vector<Figures>& right, Figure figure) {
    std::vector<double> values;
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i)
        values.push_back(figure(left[i]) / figure(right[i]));
    return median(values);
}

}  // namespace

double Series::rate() const {
    return median_of(rounds, [](const Figures& f) { return f.rate(); });
}
double Series::cpu_ms() const {
    return median_of(rounds, [](const Figures& f) { return f.cpu_ms(); });
}
double Series::syncs_per_message() const {
    return median_of(rounds, [](const Figures& f) { return f.syncs / f.messages; });
}
double Series::cpu_ratio(const Series& other) const {
    return ratio_of(rounds, other.rounds, [](const Figures& f) { return f.cpu_ms(); });
}
double Series::rate_ratio(const Series& other) const {
    return ratio_of(rounds, other.rounds, [](const Figures& f) { return f.rate(); });
}

}  // namespace mailrota::bench
