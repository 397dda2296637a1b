#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mailrota::bench {

/// Counts the instructions that this thread executes outside of the kernel, by the processor's own counter
/// (perf_event_open(2)). One thread, one owner.
class InstructionCounter {
  public:
    InstructionCounter();
    ~InstructionCounter();
    InstructionCounter(const InstructionCounter&) = delete;
    InstructionCounter& operator=(const InstructionCounter&) = delete;

    /// False where the machine has no such counter, as most virtual ones, or does not let us use it.
    bool available() const { return counter_ >= 0; }
    /// Since some time in the past; nothing if not available.
    std::optional<std::uint64_t> read() const;

  private:
    int counter_;
};

/// The instructions of a whole program, counted by valgrind (tens of times slower). Throws std::runtime_error
/// if valgrind cannot be started or the program fails.
std::uint64_t simulated_instructions(const std::vector<std::string>& argv);

}  // namespace mailrota::bench
