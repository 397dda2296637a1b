#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace mailrota::runtime {

// Waits on a thread of its own for signals that are blocked in every thread, and does `work` with each.
// Destruction ends the wait; a work that is under way is waited for.
class Signals {
  public:
    Signals(std::vector<int> signals, std::function<void(int)> work);
    ~Signals();
    Signals(const Signals&) = delete;

  private:
    void wait();

    std::vector<int> signals_;
    std::function<void(int)> work_;
    std::atomic<bool> ending_ = false;
    std::thread thread_;
};

}  // namespace mailrota::runtime
