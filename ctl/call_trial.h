#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "core/config/phone_settings.h"
#include "core/policy/contact.h"
#include "core/providers/telephone.h"

namespace mailrota::ctl {

// What a test call or test SMS is made of. `telephone` outlives it.
struct CallTrial {
    const providers::Telephone& telephone;
    config::CallSettings calls;
    policy::Contact contact;  // to whom, and which way
    std::string text;
    std::function<void(std::string_view status)> tell;  // each time that the status has changed
};

// What came of it.
struct TriedCall {
    bool reached = false;     // the call was answered; the SMS was sent, or delivered
    bool refused = false;     // the account did not take it, or could not be asked
    policy::Contact contact;  // as it ended
    std::string words;        // of the account, where it said something
};

// Places the call or sends the SMS, without callbacks, and looks at it until it is over or has lasted too
// long. Nothing is written down.
boost::asio::awaitable<TriedCall> try_call(CallTrial trial);

}  // namespace mailrota::ctl
