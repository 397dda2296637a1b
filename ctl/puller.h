#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/runtime/clock.h"
#include "ctl/done_list.h"
#include "ctl/hand_on.h"
#include "ctl/handout_client.h"
#include "ctl/pull_progress.h"

namespace mailrota::ctl {

struct PullTerms {
    wire::LeaseRequest request;
    bool follow = false;           // goes on until it is stopped; else until the box is empty
    std::chrono::seconds every{};  // follow: between two looks at an empty box
};

// How somebody ends the puller early.
struct PullStop {
    std::function<bool()> asked;
    std::function<void(std::chrono::milliseconds)> rest;  // sleeps so long, or until it is asked
};

// Leases, hands on, notes and acknowledges.
//
// Of each mail: what the done-list knows is not sent again; the rest is fetched, noted as begun, handed on,
// noted as done on disk, and only then acknowledged, together with nine more mails or after two seconds.
// A crash therefore costs no mail, and sends one twice only between the mail server's word and our note. What
// could not be acknowledged is acknowledged at the next start, or with the next lease; a start gives back
// what a crashed predecessor had leased.
//
// References only; blocks; one thread.
class Puller {
  public:
    Puller(HandoutClient& server, DoneList& list, HandOn& mail_server, PullProgress& progress, PullStop stop,
           runtime::Clock clock);

    // What was done in all. Its `trouble` is set if it ended because of that, or has it still when stopped.
    PullSummary run(const PullTerms& terms);
    // Whether the trouble was the server's: not reached, or it refused us.
    bool server_failed() const { return server_failed_; }

  private:
    using Steady = std::chrono::steady_clock;
    using Results = std::vector<wire::Acknowledgement::Result>;
    enum class Batch { none, some, full, stuck };

    Batch pull_batch(const PullTerms& terms);
    // The following say whether the batch may go on.
    bool pull_mails(const wire::Lease& lease);
    bool pull_mail(const wire::Lease& lease, const wire::HandedMail& mail);
    bool send(const wire::Lease& lease, const wire::HandedMail& mail, Results& results);
    bool keep_lease(const wire::Lease& lease);
    // Takes what needs no sending off `mail`.
    Results settled_before(wire::HandedMail& mail);
    bool note_done(const wire::Lease& lease, const Results& results);
    void count(const Results& results);
    template <class Ask>
    auto patiently(Ask ask);
    bool flush(const std::string& lease);
    bool acknowledge(const std::string& lease, const Results& results);
    void acknowledge_what_waits();
    void end_old_leases();
    bool trouble(const std::string& text);
    bool trouble(const HandoutFault& fault);

    HandoutClient& server_;
    DoneList& list_;
    HandOn& mail_server_;
    PullProgress& progress_;
    PullStop stop_;
    runtime::Clock clock_;

    PullSummary summary_;
    bool server_failed_ = false;
    bool list_failed_ = false;
    bool behind_ = true;  // the list has what the server may not know
    Results unsent_;      // results to acknowledge
    std::size_t unsent_mails_ = 0;
    Steady::time_point unsent_since_;
    Steady::time_point leased_;
    std::chrono::milliseconds renew_after_{};
    std::unordered_set<std::string> seen_;
};

}  // namespace mailrota::ctl
