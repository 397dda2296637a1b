#pragma once

#include <chrono>

#include "core/runtime/waybill.h"

namespace mailrota::runtime {

// What Delivery says of a mail that it carried out: one line a mail, one a recipient; what was deferred, what
// may come twice and copies that did not go are warnings.
void log_delivered(Log& log, Metrics& metrics, const Order& order, const Waybill& bill,
                   std::chrono::microseconds took);

// The store could not be written when part of the mail was sent: what was told of that part is true and is
// not remembered.
void log_not_written(Log& log, Metrics& metrics, const Order& order, const Waybill& bill, const Error& error);

// The store could not be asked, or a fault of ours: nothing was sent.
void log_not_tried(Log& log, Metrics& metrics, const Order& order, const Error& error);

}  // namespace mailrota::runtime
