#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/runtime/waybill.h"

namespace mailrota::runtime {

// The bytes of one mail as they go each way: with the header edits of its plan, and on the way to
// re-injection with a signed trace. Providers get what the next hop gets. What is not edited is not copied.
// `order` must outlive it, and it the views that it gives.
class Letter {
  public:
    Letter(const Order& order, const mail::TraceSecret& secret) : order_(order), secret_(secret) {}
    Letter(const Letter&) = delete;

    // One after the other; the same each time.
    const std::vector<std::string_view>& content(Waybill::Way way);
    // The same in one piece: a copy, unless nothing is edited.
    std::string_view whole(Waybill::Way way);
    // As providers get it: the received one itself, unless something is edited.
    mail::Message message();

  private:
    struct Copy {
        std::string header;
        std::vector<std::string_view> pieces;
        std::optional<std::string> whole;
    };

    std::string header(Waybill::Way way) const;
    Copy& copy(Waybill::Way way);

    const Order& order_;
    const mail::TraceSecret& secret_;
    Copy next_hop_;
    Copy reinject_;
};

}  // namespace mailrota::runtime
