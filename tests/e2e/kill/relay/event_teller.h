#pragma once

#include <atomic>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/e2e/kill/relay/mail_queue.h"
#include "tests/e2e/kill/relay/programs.h"
#include "tests/rig/http_client.h"

namespace mailrota::rig {

/// Plays the providers that tell what became of the mails which were taken: signed batches to mailrota-web,
/// each of the same bytes until it is answered by 200, and some that were answered once more. A fourth of the
/// recipients bounces. Works on its own thread from construction to end().
class EventTeller {
  public:
    EventTeller(RelayPrograms& programs, const MailQueue& queue);
    ~EventTeller() { end(); }
    EventTeller(const EventTeller&) = delete;

    /// Every event that was begun with was answered by 200 then.
    void end();

    // After end():
    const std::set<std::string>& told() const { return told_; }  ///< "sendgrid ID"
    const std::set<std::string>& bounced() const { return bounced_; }
    int unanswered() const { return unanswered_; }  ///< posts
    int repeated() const { return repeated_; }      ///< posts that had been answered

  private:
    void run();
    void tell_of(const std::vector<MailQueue::Taken>& taken);
    void repeat_one();
    void tell(const FakeEvents& batch);
    bool post(const std::string& provider, const FakePost& post);

    RelayPrograms& programs_;
    const MailQueue& queue_;
    int events_ = 0;
    int unanswered_ = 0;
    int repeated_ = 0;
    std::set<std::string> told_;
    std::set<std::string> bounced_;
    std::vector<std::pair<std::string, FakePost>> answered_;  ///< with their providers
    HttpClient client_;
    std::atomic<bool> ending_ = false;
    std::thread thread_;
};

}  // namespace mailrota::rig
