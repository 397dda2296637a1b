#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"
#include "core/runtime/clock.h"
#include "core/runtime/deliver_job.h"
#include "core/runtime/job_runner.h"
#include "core/wire/smtp_client.h"

namespace mailrota::runtime {

// What one attempt at a DeliverJob came to for one recipient.
struct Tried {
    wire::SmtpResult result;
    std::string peer;              // who was asked: "smtp:127.0.0.1:25", "sendgrid"
    std::string host;              // for notifications: Remote-MTA; may be empty
    std::chrono::seconds wait{0};  // when it is worth another try; 0: not known
};

struct ConclusionTerms {
    Clock clock;
    config::WorkerSettings settings;
    std::string hostname;
};

// What the attempt comes to, for every kind of job that delivers: recipients that are delivered or have
// failed drop out of the payload, the sender is notified of failures, stories and journal entries follow.
// After the job's time (`expired`) what is left has failed (5.4.7). `tried`: one for each recipient, same
// order. `bytes` is the mail.
Attempted conclude_delivery(const ConclusionTerms& terms, const store::Job& job, DeliverJob delivery,
                            bool expired, std::vector<Tried> tried, std::string_view bytes);

}  // namespace mailrota::runtime
