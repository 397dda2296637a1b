#pragma once

#include <boost/json/object.hpp>

#include "tests/fakes/exchange.h"
#include "tests/fakes/twilio.h"
#include "tests/fakes/world.h"

namespace mailrota::fakes {

/// The part of the control API below /control/phone/. `provider` names the account: twilio (unless said),
/// twilio2.
///
///   GET    phone/account?provider=   keys and counts
///   POST   phone/account    {"provider", members of PhoneAccount that change, "callbacks": {…}}
///   POST   phone/script     {"provider", "number" ("": all others), "calls": [CallScript…], "sms": {…}}
///   GET    phone/calls?provider=     what was asked for, said, pressed and told in each call
///   GET    phone/messages?provider=  out and in
///   GET    phone/notices?provider=   the error log
///   POST   phone/sms        {"provider", "from", "to", "text"}: somebody writes
///   POST   phone/release    {"provider", "sid"}: on from where a script holds
///   POST   phone/press      {"provider", "sid", "digits"}
///   DELETE phone?provider=  calls, messages, notices, scripts, counts; the account stays as it is
class PhoneControl {
  public:
    explicit PhoneControl(World& world) : world_(world) {}

    /// `call` is "POST phone/account". Throws what boost::json throws if a member is of another type.
    Reply answer(const std::string& call, const Request& request, const boost::json::object& order);

  private:
    World& world_;
};

void change_account(PhoneAccount& account, const boost::json::object& order);
PhoneScript read_script(const boost::json::object& order);
boost::json::object told(const PhoneCall& call);
boost::json::object told(const PhoneMessage& message);
boost::json::object told(const Notice& notice);

}  // namespace mailrota::fakes
