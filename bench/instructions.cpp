#include "bench/instructions.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "tests/rig/process.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::bench {

namespace {

int open_counter() {
    perf_event_attr wanted{};
    wanted.type = PERF_TYPE_HARDWARE;
    wanted.size = sizeof wanted;
    wanted.config = PERF_COUNT_HW_INSTRUCTIONS;
    wanted.exclude_kernel = 1;
    wanted.exclude_hv = 1;
    return static_cast<int>(syscall(SYS_perf_event_open, &wanted, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
}

// "==4711== I   refs:      1,234,567"
std::uint64_t counted(const std::filesystem::path& log) {
    std::ifstream lines(log);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t at = line.find("refs:");
        if (at == std::string::npos || line.find(" I ") == std::string::npos) continue;
        std::string digits = line.substr(at);
        std::erase_if(digits, [](char c) { return c < '0' || c > '9'; });
        if (!digits.empty()) return std::stoull(digits);
    }
    throw std::runtime_error("valgrind said nothing of instructions");
}

}  // namespace

InstructionCounter::InstructionCounter() : counter_(open_counter()) {}

InstructionCounter::~InstructionCounter() {
    if (available()) close(counter_);
}

std::optional<std::uint64_t> InstructionCounter::read() const {
    std::uint64_t count = 0;
    if (!available() || ::read(counter_, &count, sizeof count) != sizeof count) return std::nullopt;
    return count;
}

std::uint64_t simulated_instructions(const std::vector<std::string>& argv) {
    const rig::TemporaryFolder folder;
    const auto log = folder.path() / "log";
    std::vector<std::string> whole{"valgrind",
                                   "--tool=cachegrind",
                                   "--cache-sim=no",
                                   "--cachegrind-out-file=/dev/null",
                                   "--trace-children=no",
                                   "--log-file=" + log.string()};
    whole.insert(whole.end(), argv.begin(), argv.end());
    const auto result = rig::run({whole, {}, {}, {}}, "", std::chrono::minutes(30));
    if (result.exit_code != 0) throw std::runtime_error("under valgrind: " + result.errors);
    return counted(log);
}

}  // namespace mailrota::bench
