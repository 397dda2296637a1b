#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "core/providers/outgoing.h"
#include "core/runtime/relay_parcel.h"
#include "core/runtime/relay_step.h"

namespace mailrota::runtime {

// What one call to a provider came to.
struct Called {
    providers::Answer answer;
    bool sent = true;  // false: it never came to a call, which tells nothing of the provider
};

// Makes the call: by HTTP in the provider's dialect, or by SMTP to its host. Waits for a slot first where the
// provider has a limit. Always returns, at the latest after `within` and as long again for the slot; every
// recipient of the attempt has an answer. `services` and `parcel` outlive it.
boost::asio::awaitable<Called> call_provider(Relay::Services& services, const Parcel& parcel, Begun begun,
                                             std::chrono::seconds within);

// Asks the provider for the attempt by our id.
boost::asio::awaitable<providers::LookUp> ask_provider(Relay::Services& services, const Parcel& parcel,
                                                       store::RelayAttempt attempt,
                                                       std::chrono::seconds within);

}  // namespace mailrota::runtime
