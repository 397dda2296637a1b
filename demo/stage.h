#pragma once

#include <string>
#include <vector>

#include "tests/rig/process.h"

namespace mailrota::demo {

/// From now on Ctrl-C and its like wait until the next step, which then throws std::runtime_error: the
/// servers are ended in order and leave nothing behind. To be called before any thread or server starts.
void hold_stop_signals();
/// Throws std::runtime_error if a stop was asked for.
void end_if_asked();

/// Shows a command of ours and what it said. Throws std::runtime_error with its errors if it failed.
void show_command(const std::vector<std::string>& arguments, const rig::RunResult& result);

/// Shows lines of a text, indented, under a title.
void show_text(const std::string& title, const std::string& text);

}  // namespace mailrota::demo
