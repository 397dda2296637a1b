#include "bench/rounds.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <iostream>

#include "bench/subject.h"

namespace mailrota::bench {

namespace {

// One line that is written over, on a terminal only.
void progress(const std::string& text) {
    if (isatty(STDERR_FILENO) != 0) std::cerr << fmt::format("\r{:<50}\r{}", "", text) << std::flush;
}

Figures run(const Variant& variant) {
    if (variant.subject != nullptr) return measure(*variant.subject, variant.messages, variant.work);
    const auto begin = std::chrono::steady_clock::now();
    variant.work();
    return {std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), 0, 0,
            variant.messages};
}

}  // namespace

std::vector<Series> interleaved(const std::vector<Variant>& variants, int rounds) {
    std::vector<Series> all;
    for (const auto& variant : variants) all.push_back({variant.name, {}});
    for (int round = -1; round < rounds; ++round)
        for (std::size_t i = 0; i < variants.size(); ++i) {
            progress(fmt::format("  round {}/{}, variant {}/{}", round + 1, rounds, i + 1, variants.size()));
            const auto figures = run(variants[i]);
            if (round >= 0) all[i].rounds.push_back(figures);
        }
    progress("");
    return all;
}

void print_heading(const std::string& title, const std::string& against) {
    std::cout << fmt::format("\n{}\n  {:<44} {:>9} {:>10} {:>8} {:>9} {:>9}\n", title, "variant", "msg/s",
                             "CPU ms/msg", "syncs", "CPU ratio", "rate ratio")
              << fmt::format("  {:<44} {:>38} {}\n", "", "ratios against", against);
}

void print_rows(const std::vector<Series>& all, std::size_t reference) {
    const auto& other = all[reference];
    for (const auto& series : all) {
        const bool measured = series.cpu_ms() > 0;
        const bool compared = measured && other.cpu_ms() > 0;
        std::cout << fmt::format("  {:<44} {:>9.0f} {:>10} {:>8} {:>9} {:>9.2f}\n", series.name,
                                 series.rate(), measured ? fmt::format("{:.3f}", series.cpu_ms()) : "-",
                                 measured ? fmt::format("{:.2f}", series.syncs_per_message()) : "-",
                                 compared ? fmt::format("{:.2f}", series.cpu_ratio(other)) : "-",
                                 series.rate_ratio(other));
    }
    std::cout << std::flush;
}

}  // namespace mailrota::bench
