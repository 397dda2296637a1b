#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tests/fakes/client.h"
#include "tests/fakes/phone_account.h"
#include "tests/fakes/phone_record.h"

namespace mailrota::fakes {

/// The telephones behind one account: dials, rings, talks and tells as scripts say. What is asked over the
/// REST interface was checked before it comes here. Belongs to one thread, and must outlive the executor's
/// last turn.
class PhoneExchange {
  public:
    PhoneExchange(std::string name, boost::asio::any_io_executor executor, Transport transport);

    PhoneAccount& account() { return account_; }
    const PhoneAccount& account() const { return account_; }

    /// Queues a call and begins to play it.
    CallPointer place_call(const Fields& parameters);
    MessagePointer send_message(const Fields& parameters);
    /// An SMS that comes in; the webhook is told if there is one.
    MessagePointer receive_message(const std::string& from, const std::string& to, const std::string& text);

    /// Null if there is none.
    CallPointer find_call(std::string_view sid) const;
    MessagePointer find_message(std::string_view sid) const;
    void remove_call(std::string_view sid);
    void remove_message(std::string_view sid);
    const std::deque<CallPointer>& calls() const { return calls_; }
    const std::deque<MessagePointer>& messages() const { return messages_; }
    const std::deque<Notice>& notices() const { return notices_; }

    std::uint64_t live_calls() const;                       ///< that are not over
    std::uint64_t queued_calls() const;                     ///< that were not dialled yet
    std::uint64_t most_live() const { return most_live_; }  ///< live calls at once, as yet
    void reset();                                           ///< forgets calls, messages, notices and scripts

    /// Goes on from a CallScript::hold or SmsScript::hold. False: there is no such call or message.
    bool release(std::string_view sid);
    /// Keys for a <Gather> that waits for them, or for the next that does.
    bool press(std::string_view sid, const std::string& digits);
    /// Ends or redirects a call as wanted_end and redirect say.
    void order(PhoneCall& call) const { call.wake(); }

    // For the play.

    const boost::asio::any_io_executor& executor() const { return executor_; }
    std::chrono::steady_clock::duration real(double seconds) const;
    double played(std::chrono::steady_clock::duration time) const;
    /// The next moment in which a call may be dialled; it is taken.
    std::chrono::steady_clock::time_point take_slot();
    void note(Notice notice);
    /// A request to a public URL, signed, by its route; retried as the URL's fragment says, once by default.
    /// A GET carries the parameters in its query.
    boost::asio::awaitable<Incoming> request(std::string method, std::string url, Fields parameters,
                                             CallbackFaults faults = {});

  private:
    std::string real_url(const std::string& url) const;
    Outgoing signed_request(const std::string& method, const std::string& url, const Fields& parameters,
                            const CallbackFaults& faults) const;
    CallScript next_script(const std::string& number);

    PhoneAccount account_;
    boost::asio::any_io_executor executor_;
    Transport transport_;
    std::deque<CallPointer> calls_;
    std::deque<MessagePointer> messages_;
    std::deque<Notice> notices_;
    std::chrono::steady_clock::time_point next_slot_;
    std::uint64_t most_live_ = 0;
};

}  // namespace mailrota::fakes
