#pragma once

#include <string>

#include "ctl/console.h"

// The commands of mailrota(1) about self-tests, as in commands.h.
namespace mailrota::ctl {

// Each self-test of the configuration: what came of its last run, and when the next one is due.
Exit selftest_list(const std::string& config_file, Console& console);

struct SelftestRequest {
    std::string config_file;
    std::string name;
    bool wait = false;  // until its end is known
};
// Begins a run now, beside those that are due. One that is under way is not disturbed, which is told.
Exit selftest_run(const SelftestRequest& request, Console& console);

}  // namespace mailrota::ctl
