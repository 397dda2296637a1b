#pragma once

#include <condition_variable>
#include <mutex>

namespace mailrota::rig {

/// What those who send mail and the one who kills the milter tell one another. Thread-safe.
///
/// A sender waits for `wait_to_go` before each attempt, so that nobody hammers at a filter that is being
/// started, and says when a mail's content is out and its answer is due: then the end of message is near.
class Traffic {
  public:
    /// Returns how often the milter has been started again.
    int wait_to_go() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return !held_; });
        return restarts_;
    }
    void content_is_out() {
        change([this] { ++unanswered_; });
    }
    void is_answered() {
        change([this] { --unanswered_; });
    }
    /// Whether the senders are to stop after the mail they are at.
    bool ending() {
        const std::scoped_lock lock(mutex_);
        return ending_;
    }

    /// For the one who kills: until a mail's content is out.
    void wait_for_content() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return unanswered_ > 0 || ending_; });
    }
    void hold() {
        change([this] { held_ = true; });
    }
    void go_on() {
        change([this] { held_ = false, ++restarts_; });
    }
    void end() {
        change([this] { held_ = false, ending_ = true; });
    }

  private:
    template <class Change>
    void change(Change apply) {
        const std::scoped_lock lock(mutex_);
        apply();
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    int unanswered_ = 0;
    int restarts_ = 0;
    bool held_ = false;
    bool ending_ = false;
};

}  // namespace mailrota::rig
