#pragma once

#include <string>

#include "core/config/config.h"
#include "core/runtime/clock.h"
#include "core/runtime/connections.h"
#include "core/runtime/job_runner.h"

namespace mailrota::runtime {

// What the kind "deliver" stands on. All outlive the runner.
struct DeliverServices {
    Connections& connections;
    Clock clock;
    config::WorkerSettings settings;
    std::string hostname;
};

// The kind of job that sends a DeliverJob's mail to its endpoint. Recipients that are delivered or have
// failed drop out of the payload; the sender is notified of failures (a job too, written with the outcome).
// A mail of the null sender whose recipients cannot be reached ends as a failed job that the administrator
// finds. After its time what is left has failed (5.4.7). Stories and journal entries follow each outcome.
JobKind deliver_kind_on(DeliverServices services);

}  // namespace mailrota::runtime
