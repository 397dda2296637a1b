#pragma once

#include <chrono>
#include <functional>

namespace mailrota::runtime {

// The wall clock, as a value that tests replace. Thread-safe if what it holds is.
using Clock = std::function<std::chrono::sys_seconds()>;

// The machine's clock.
Clock system_clock();

}  // namespace mailrota::runtime
