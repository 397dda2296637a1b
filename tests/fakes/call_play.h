#pragma once

#include <boost/asio/awaitable.hpp>

#include "tests/fakes/phone_exchange.h"

namespace mailrota::fakes {

/// Plays a queued call to its end, telling its states.
boost::asio::awaitable<void> play_call(PhoneExchange* exchange, CallPointer call);

/// Lets so many seconds of the play pass; none: until wake() is said. False if something came up (see
/// PhoneCall::is_disturbed).
boost::asio::awaitable<bool> nap(PhoneExchange* exchange, CallPointer call, std::optional<double> seconds);

/// The parameters that every request about a call has.
Fields call_fields(const PhoneExchange& exchange, const PhoneCall& call);

/// Tells the state of a call to its StatusCallback if it asks for this event ("initiated", "ringing",
/// "answered", "completed").
void tell_state(PhoneExchange* exchange, const CallPointer& call, const std::string& event,
                const std::string& status);
/// What detection found, to AsyncAmdStatusCallback.
void tell_detection(PhoneExchange* exchange, const CallPointer& call);

}  // namespace mailrota::fakes
