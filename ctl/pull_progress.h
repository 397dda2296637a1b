#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace mailrota::ctl {

// What one run of the puller came to. Recipients are counted but for `mails` and `left`.
struct PullSummary {
    std::uint64_t mails = 0;
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;
    std::uint64_t deferred = 0;
    std::uint64_t repeated = 0;             // done before by the done-list: acknowledged again, not sent
    std::uint64_t possible_duplicates = 0;  // begun before a crash, sent again
    std::uint64_t bytes = 0;
    std::uint64_t left = 0;  // free mails in the box, as the server said last
    std::string trouble;     // why it stopped or cannot go on; empty if all is well

    bool operator==(const PullSummary&) const = default;
};

std::string to_json(const PullSummary& summary);
// "12 mails pulled: 11 delivered, 1 deferred; 3 left".
std::string to_text(const PullSummary& summary);

// Tells how far the puller is: on a terminal in one line that moves, else in a line each ten seconds. One
// thread; the stream must outlive it.
class PullProgress {
  public:
    PullProgress(std::ostream& out, bool terminal) : out_(out), terminal_(terminal) {}

    // An event that somebody may look for later.
    void note(const std::string& text);
    void moved(const PullSummary& summary);
    // The last line.
    void finished(const PullSummary& summary);

  private:
    using Clock = std::chrono::steady_clock;
    void clear();

    std::ostream& out_;
    bool terminal_;
    bool shown_ = false;
    Clock::time_point last_ = Clock::now();
};

}  // namespace mailrota::ctl
