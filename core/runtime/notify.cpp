#include "core/runtime/notify.h"

#include <systemd/sd-daemon.h>
#include <time.h>

#include <string>

namespace mailrota::runtime {
namespace {

void notify(const std::string& state) { sd_notify(0, state.c_str()); }

long long monotonic_microseconds() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
}

}  // namespace

void notify_ready(std::string_view status) { notify("READY=1\nSTATUS=" + std::string(status)); }

void notify_reloading() { notify("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_microseconds())); }

void notify_stopping() { notify("STOPPING=1"); }

}  // namespace mailrota::runtime
