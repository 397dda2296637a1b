#pragma once

#include <functional>
#include <vector>

#include "core/runtime/letter.h"
#include "core/runtime/receipt.h"
#include "core/runtime/waybill.h"

namespace mailrota::runtime {

// What of a concluded mail is left to the worker: jobs that go on trying and notifications to the sender.

// What does not come from the mail.
struct LeftoverTerms {
    std::string hostname;
    std::chrono::sys_seconds now{};
    // Whether the server that took a leg tells the sender of success itself.
    std::function<bool(const Waybill::Leg&)> has_dsn;
};

// Turns what can be left to the worker into jobs and marks it as handed: copies that could not be sent, and
// with Keeper::worker the recipients that are deferred or have failed, unless all of them are deferred or all
// have failed. Adds "relayed" notifications for recipients who asked to be told of success and went to a
// server without DSN (RFC 3461 section 5.2.2). Pure.
std::vector<NewJob> leave(Waybill& bill, const Order& order, Letter& letter, Keeper keeper,
                          const LeftoverTerms& terms);

}  // namespace mailrota::runtime
