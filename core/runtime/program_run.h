#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/mail/result.h"

namespace mailrota::runtime {

// How a program that we ran ended.
struct ProgramEnd {
    int exit_code = 0;  // EX_TEMPFAIL if a signal ended it, ours at the end of its time included
    std::string words;  // the first 1,000 bytes of what it wrote to stdout and stderr
};

// Runs a program (absolute path) with `input` on its stdin and waits for it; after `within` it is killed,
// with what it has started. It has our environment, none of our open files, and no signal blocked. Blocks:
// coroutines call it on a thread of its own. `unavailable` if it cannot be started.
Result<ProgramEnd> run_program(const std::string& program, const std::vector<std::string>& arguments,
                               std::string_view input, std::chrono::milliseconds within);

}  // namespace mailrota::runtime
