#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/mail/envelope.h"

namespace mailrota::wire {

// What our own MTA says by XFORWARD about the client that it had the mail from
// (https://www.postfix.org/XFORWARD_README.html).
class ForwardedClient {
  public:
    // The argument of one XFORWARD command. What it does not name stays as it was; nothing changes if there
    // is an objection, which is the reply.
    std::optional<std::string_view> update(std::string_view argument);

    // Puts what is known in the place of what our connection tells.
    void overlay(mail::Envelope& envelope) const;
    // Empty if it is not known.
    const std::string& queue_id() const { return queue_id_; }

  private:
    bool set(std::string_view name, std::string value);

    std::optional<std::string> ip_;
    std::optional<std::string> name_;
    std::optional<std::string> helo_;
    std::string queue_id_;
    bool local_ = false;
};

}  // namespace mailrota::wire
