#pragma once

#include <csignal>

#include "ctl/puller.h"

namespace mailrota::ctl {

// SIGTERM and SIGINT as something to ask for, from its making to its end; SIGPIPE is kept away meanwhile.
// Belongs to the main thread, before others are started.
class StopSignals {
  public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    PullStop stop();  // must not outlive this

  private:
    // Whether one came within that time.
    bool came(std::chrono::milliseconds within);

    sigset_t before_{};
    int signals_ = -1;
    bool asked_ = false;
};

}  // namespace mailrota::ctl
