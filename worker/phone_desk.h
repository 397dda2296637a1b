#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <set>
#include <string>

#include "core/runtime/contact_kind.h"
#include "core/runtime/sms_reply.h"

namespace mailrota::worker {

// What the worker looks after beside the jobs of incidents: heartbeats that do not come, and, where nobody
// can reach us from outside, SMS that came in. Several workers may do so on one store. Belongs to one
// executor.
class PhoneDesk {
  public:
    PhoneDesk(boost::asio::any_io_executor executor, runtime::AlertServices services);

    // Until stop(): opens an incident for each heartbeat that is overdue. With each new configuration those
    // that it has no longer are forgotten: one that comes back later begins anew.
    boost::asio::awaitable<void> look_after_heartbeats();
    // Until stop(): asks every account for what has come in, while some incident is open and nobody else
    // tells us.
    boost::asio::awaitable<void> look_after_replies();
    void stop();

  private:
    boost::asio::awaitable<void> forget_heartbeats();
    boost::asio::awaitable<void> check_heartbeats();
    boost::asio::awaitable<void> ask_for_replies();
    boost::asio::awaitable<bool> somebody_may_answer();
    boost::asio::awaitable<void> take_from(std::string account);
    // False: the store is away.
    boost::asio::awaitable<bool> take(std::string account, providers::ListedMessage message);
    void complain(bool& complained, std::string_view event, const std::string& reason);

    runtime::AlertServices services_;
    boost::asio::steady_timer heartbeats_;
    boost::asio::steady_timer replies_;
    bool stopping_ = false;
    std::shared_ptr<const policy::Policy> kept_;  // the one before; null: at the start
    bool heartbeats_complained_ = false;
    bool replies_complained_ = false;
    // Messages that the store knows: a list names the same ones for a day. For speed only.
    std::set<std::string> seen_;
};

}  // namespace mailrota::worker
