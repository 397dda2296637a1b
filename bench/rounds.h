#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "bench/figures.h"

namespace mailrota::bench {

class Subject;

/// One row of a table: `work` sends so many messages and returns when all of them are answered, and throws if
/// one was not accepted. With a subject its processor time and syncs are measured, else only the time.
struct Variant {
    std::string name;
    const Subject* subject = nullptr;
    int messages = 0;
    std::function<void()> work;
};

/// Every variant in turn, `rounds` times, after one warm-up that does not count. Shows on a terminal how far
/// it is.
std::vector<Series> interleaved(const std::vector<Variant>& variants, int rounds);

/// The table's head; `against` says what its ratios are to.
void print_heading(const std::string& title, const std::string& against);
/// One line for each series. Processor time is compared where both sides have it.
void print_rows(const std::vector<Series>& all, std::size_t reference);

}  // namespace mailrota::bench
