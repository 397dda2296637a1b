#pragma once

#include <string>
#include <vector>

#include "ctl/console.h"

namespace mailrota::ctl {

// Runs the command that the arguments (without the program's name) say, and gives the process's exit code.
int run(const std::vector<std::string>& arguments, Console& console);

}  // namespace mailrota::ctl
