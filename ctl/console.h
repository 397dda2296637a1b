#pragma once

#include <iosfwd>

#include "core/runtime/clock.h"

namespace mailrota::ctl {

// How a command ends, as mailrota(1) documents it.
enum class Exit : int {
    fine = 0,
    no = 1,     // the answer is no: errors were found, there is no such member
    usage = 2,  // the command line makes no sense
    away = 3,   // the milter is not running, or the store is not available
    busy = 75,  // pull: another one is at work with the same done-list (EX_TEMPFAIL)
};

// What a command speaks through: tests give it strings and a clock of their own. References only; belongs to
// one command.
struct Console {
    std::istream& in;
    std::ostream& out;  // the answer
    std::ostream& err;  // why there is none, and remarks that are no part of it
    runtime::Clock clock;
    bool colours = false;  // `out` is a terminal that shows them
    bool json = false;     // the answer is asked for as JSON
};

}  // namespace mailrota::ctl
