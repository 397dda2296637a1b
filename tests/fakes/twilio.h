#pragma once

#include <optional>
#include <string>

#include "tests/fakes/api.h"
#include "tests/fakes/faults.h"
#include "tests/fakes/phone_exchange.h"
#include "tests/fakes/provider.h"

namespace mailrota::fakes {

/// Twilio's REST interface, version 2010-04-01: Calls, Messages, a call's Events and Notifications, and the
/// account. Checks what the real one checks and refuses with its codes. Stricter than that in one thing: a
/// parameter that there is not is refused (20001), where the real one ignores it with a warning.
class Twilio : public Api {
  public:
    Twilio(std::string name, boost::asio::any_io_executor executor, Faults& faults,
           Transport transport = ask);

    PhoneExchange& exchange() { return exchange_; }
    const PhoneExchange& exchange() const { return exchange_; }
    const Calls& counts() const { return counts_; }
    void reset();  ///< forgets calls, messages, scripts and counts

    bool is_sending(const Request& request) const override;
    Reply answer(const Request& request) override;
    std::chrono::milliseconds latency() const override { return exchange_.account().latency; }

  private:
    Reply dispatch(const Request& request);
    bool is_authorized(const Request& request) const;
    /// `path` is what follows the account: "Calls.json", "Calls/CA….json", …
    Reply serve(const Request& request, const std::string& path);
    Reply serve_one(const Request& request, const std::string& collection, const std::string& rest);
    Reply show_account() const;

    Reply create_call(const Request& request);
    Reply change_call(const Request& request, PhoneCall& call);
    Reply list_calls(const Request& request) const;
    Reply create_message(const Request& request);
    Reply change_message(const Request& request, PhoneMessage& message);
    Reply list_messages(const Request& request) const;
    Reply list_events(const Request& request, const PhoneCall& call) const;
    Reply list_notices(const Request& request, const PhoneCall& call) const;

    PhoneExchange exchange_;
    Faults& faults_;
    Calls counts_;
};

}  // namespace mailrota::fakes
