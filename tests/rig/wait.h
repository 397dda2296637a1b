#pragma once

#include <chrono>
#include <functional>

namespace mailrota::rig {

/// Asks `predicate` again and again, every few milliseconds, until it says yes or the time is over; returns
/// its last answer. It is asked at least once. The deadline bounds a failing test only: a passing one goes on
/// at once.
bool wait_until(const std::function<bool()>& predicate,
                std::chrono::milliseconds deadline = std::chrono::seconds(10));

/// A TCP port on 127.0.0.1 that nobody listens on now. It lies below the kernel's range for outgoing
/// connections, is picked at random (test programs run side by side) and is never given twice by one process.
/// Throws std::runtime_error when none is found.
int free_port();

}  // namespace mailrota::rig
