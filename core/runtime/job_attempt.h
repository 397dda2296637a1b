#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "core/runtime/job_runner.h"

namespace mailrota::runtime {

using JobKinds = std::map<std::string, JobKind, std::less<>>;

// One attempt at one claimed job, from its bytes to what is written under its fence. Lives in the frame of
// whoever awaits run() once; services and kinds outlive it.
class JobAttempt {
  public:
    JobAttempt(JobRunner::Services& services, const JobKinds& kinds, store::Job job)
        : services_(services), kinds_(kinds), job_(std::move(job)) {}
    JobAttempt(const JobAttempt&) = delete;

    // Never throws.
    boost::asio::awaitable<void> run();

  private:
    boost::asio::awaitable<Attempted> attempt();
    boost::asio::awaitable<void> attempt_kind(JobKind kind, std::optional<Attempted>& into);
    // Renews the lease until it is cancelled, or somebody else has the job: then its end cancels the attempt,
    // whose outcome is not ours to write any more.
    boost::asio::awaitable<void> keep_lease();
    boost::asio::awaitable<bool> renew();
    // Until it is written, or the lease may be over.
    boost::asio::awaitable<void> write(Attempted attempted);
    Result<bool> end(store::Transaction& transaction, const Attempted& attempted) const;
    store::Time due_after(const Postponed& postponed) const;
    void tell(const Attempted& attempted) const;
    LogLine line(std::string_view event) const;

    JobRunner::Services& services_;
    const JobKinds& kinds_;
    const store::Job job_;
    bool lost_ = false;  // somebody else has the job by now
};

}  // namespace mailrota::runtime
