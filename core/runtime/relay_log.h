#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/policy/breaker.h"
#include "core/runtime/relay_call.h"
#include "core/runtime/relay_verdict.h"

namespace mailrota::runtime {

// What relaying says to log and metrics: one line a call, and what somebody must look at as errors.

void log_call(Relay::Services& services, const Parcel& parcel, const Begun& begun, const Called& called,
              const Judgement& judgement, std::chrono::microseconds took);
// Before a call that may give somebody the mail twice.
void log_possible_duplicate(Relay::Services& services, const Parcel& parcel, const Begun& begun);
void log_inquiry(Relay::Services& services, const Parcel& parcel, const store::RelayAttempt& attempt,
                 const providers::LookUp& found);
void log_breakers(Log& log, Metrics& metrics, const std::vector<policy::Breaker>& changed);
// The store could not be written. `sent`: addresses that a provider has accepted, which will be found out
// when the mail is offered again.
void log_relay_not_written(Relay::Services& services, const Parcel& parcel, const std::string& sent,
                           const std::string& reason);

}  // namespace mailrota::runtime
