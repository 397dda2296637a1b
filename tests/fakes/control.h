#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include "tests/fakes/exchange.h"
#include "tests/fakes/messenger.h"
#include "tests/fakes/phone_control.h"
#include "tests/fakes/world.h"

namespace mailrota::fakes {

/// The API below /control/ by which tests steer and look. Bodies and answers are JSON; what is wrong with a
/// request is answered 400 {"error": "…"}.
///
///   GET    accounts                    keys, secrets and settings of every provider
///   POST   accounts                    {"provider": …, members of Account that change}
///   POST   faults                      see Fault::from_json
///   DELETE faults?provider=            of one provider, or all
///   GET    mails?provider=&recipient=&our_id=   what lies in the mailboxes, one element a delivery
///   DELETE mails                       and all counts
///   GET    counts                      calls and accepted mails of every provider
///   GET    messages                    what became of the events that go out by themselves
///   POST   emit                        see emit()
///   …      phone/…                     see PhoneControl
class Control {
  public:
    explicit Control(World& world) : world_(world), phone_(world) {}

    boost::asio::awaitable<Reply> answer(Request request);
    Messages& messages() { return messages_; }

  private:
    Reply accounts() const;
    Reply change_account(const boost::json::object& order);
    Reply add_fault(const boost::json::object& order);
    Reply mails(const Request& request) const;
    Reply counts() const;
    Reply told() const;
    /// {"provider", "url" (none: the posts are answered, not sent), "events": [{"type", "recipient",
    /// "our_id", "message_id", "event_id", "at", "words", "overrides", "native"}], "signed_at", "wrong_key",
    /// "alter", "unsigned", "times": how often each post is sent}. An event that names a mail that was
    /// accepted, by our_id or message_id, gets the rest from it. Answers {"posts": [{"status", "words",
    /// "headers", "body"}]}.
    boost::asio::awaitable<Reply> emit(boost::json::object order);
    HookEvent read_event(const Provider& provider, const boost::json::object& order) const;

    World& world_;
    PhoneControl phone_;
    Messages messages_;
};

}  // namespace mailrota::fakes
