#include "ctl/stop_signals.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace mailrota::ctl {

StopSignals::StopSignals() {
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGINT);
    sigset_t blocked = wanted;
    sigaddset(&blocked, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &blocked, &before_);
    signals_ = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
}

StopSignals::~StopSignals() {
    while (signals_ >= 0 && came(std::chrono::milliseconds(0))) {
        // What asked us to stop has had its answer: it must not end the process after this.
        signalfd_siginfo taken;
        if (read(signals_, &taken, sizeof taken) != sizeof taken) break;
    }
    if (signals_ >= 0) close(signals_);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool StopSignals::came(std::chrono::milliseconds within) {
    pollfd waiting{signals_, POLLIN, 0};
    return poll(&waiting, 1, static_cast<int>(within.count())) > 0;
}

PullStop StopSignals::stop() {
    return {[this] { return asked_ = asked_ || came(std::chrono::milliseconds(0)); },
            [this](std::chrono::milliseconds time) { asked_ = asked_ || came(time); }};
}

}  // namespace mailrota::ctl
