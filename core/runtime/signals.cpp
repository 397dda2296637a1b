#include "core/runtime/signals.h"

#include <pthread.h>
#include <signal.h>

#include <utility>

namespace mailrota::runtime {

Signals::Signals(std::vector<int> signals, std::function<void(int)> work)
    : signals_(std::move(signals)), work_(std::move(work)), thread_([this] { wait(); }) {}

// Wakes the thread with one of its own signals.
Signals::~Signals() {
    ending_ = true;
    pthread_kill(thread_.native_handle(), signals_.front());
    thread_.join();
}

void Signals::wait() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : signals_) sigaddset(&set, signal);
    int signal = 0;
    while (sigwait(&set, &signal) == 0 && !ending_) work_(signal);
}

}  // namespace mailrota::runtime
