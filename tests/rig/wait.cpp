#include "tests/rig/wait.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <random>
#include <set>
#include <stdexcept>
#include <thread>

namespace mailrota::rig {

namespace {

bool can_bind(int port) {
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return false;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool free = bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(descriptor);
    return free;
}

}  // namespace

bool wait_until(const std::function<bool()>& predicate, std::chrono::milliseconds deadline) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + deadline;
    auto pause = std::chrono::milliseconds(1);
    while (!predicate()) {
        if (Clock::now() >= end) return predicate();
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, std::chrono::milliseconds(20));
    }
    return true;
}

int free_port() {
    static std::mutex mutex;
    static std::set<int> given;
    static std::mt19937 random{std::random_device{}()};
    const std::lock_guard lock(mutex);
    std::uniform_int_distribution<int> any(10'000, 32'000);
    for (int attempt = 0; attempt < 1000; ++attempt) {
        const int port = any(random);
        if (!given.contains(port) && can_bind(port)) return *given.insert(port).first;
    }
    throw std::runtime_error("no free port between 10000 and 32000");
}

}  // namespace mailrota::rig
