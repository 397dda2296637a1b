#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace mailrota::milter {

// The mails whose end of message is being worked on: how many, how old; a sign of life to the MTA for those
// that take long; and a stop that waits for them. Thread-safe. One a process; outlives every Ticket.
class MailsInProgress {
  public:
    using Clock = std::chrono::steady_clock;
    // Tells the MTA of one mail that it is still worked on. Called from the ticker's thread.
    using SendProgress = std::function<void()>;

    // Every `interval` the mails that are older than it send progress.
    explicit MailsInProgress(std::chrono::milliseconds interval = std::chrono::seconds(1));
    ~MailsInProgress();
    MailsInProgress(const MailsInProgress&) = delete;

    // One mail, from its end of message to the return of the callback.
    class Ticket {
      public:
        ~Ticket();
        Ticket(const Ticket&) = delete;
        Ticket& operator=(const Ticket&) = delete;
        // No progress is sent any more, and none is on its way, when this returns: the edits can go out.
        void end_progress();

      private:
        friend class MailsInProgress;
        struct Watch;
        Ticket(MailsInProgress& owner, std::uint64_t number, std::shared_ptr<Watch> watch);
        MailsInProgress& owner_;
        std::uint64_t number_;
        std::shared_ptr<Watch> watch_;
    };
    Ticket enter(SendProgress send);

    std::size_t count() const;
    // Those ever entered.
    std::uint64_t total() const;
    // Of the mail that is worked on for longest; zero if there is none.
    std::chrono::milliseconds oldest() const;
    // Whether every mail came to its end within `deadline`. Blocks.
    bool wait_until_none(std::chrono::milliseconds deadline);

  private:
    void tick();
    std::vector<std::shared_ptr<Ticket::Watch>> overdue() const;

    const std::chrono::milliseconds interval_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::uint64_t, std::shared_ptr<Ticket::Watch>> watches_;  // by number: the oldest first
    std::uint64_t next_ = 0;
    bool stopping_ = false;
    std::condition_variable stop_;
    std::thread ticker_;
};

}  // namespace mailrota::milter
