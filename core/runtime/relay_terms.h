#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/breaker.h"
#include "core/runtime/carriers.h"

namespace mailrota::runtime {

// What follows from settings and names alone. Pure.

policy::BreakerTerms breaker_terms(const Carriers& carriers, std::string_view provider);

// The id of an attempt, 32 hexadecimal digits: the same whenever this provider gets the mail for these
// offers, so that it is its idempotency key over crashes too.
std::string attempt_id(std::string_view rota, std::string_view provider, std::vector<std::string> offers);

// How long after its begin somebody may be at work at a call to this provider: it may have waited for a slot
// first.
std::chrono::seconds patience_with(const Carriers& carriers, std::string_view provider);

// What Store::write() is to lock for mail of this rota: all processes take breakers in one order.
std::vector<std::string> locks_of(const config::RelayRota& rota);

}  // namespace mailrota::runtime
