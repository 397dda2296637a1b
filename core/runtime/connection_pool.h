#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/runtime/connections.h"
#include "core/runtime/smtp_connection.h"

namespace mailrota::runtime {

// The connections of one executor, by endpoint, and who waits for them. What is lent is given back by its
// Lease, whatever ends the coroutine that holds it; it then goes to the first who waits, or stays idle, or is
// closed.
class ConnectionPool : public std::enable_shared_from_this<ConnectionPool> {
  public:
    using Clock = std::chrono::steady_clock;
    class Lease;

    ConnectionPool(boost::asio::any_io_executor executor, std::string hello_name, ConnectionLimits limits);

    // A connection to the endpoint, or nothing if none got free until then.
    boost::asio::awaitable<std::optional<Lease>> acquire(config::Endpoint endpoint, Clock::time_point until);
    void use_accounts(std::shared_ptr<const Accounts> accounts);
    bool has_dsn(const config::Endpoint& endpoint) const;
    // What is idle is closed, politely until then; what comes back later is closed at once.
    boost::asio::awaitable<void> close(Clock::time_point until);
    bool closed() const { return closed_; }

  private:
    struct Idle {
        std::unique_ptr<SmtpConnection> connection;
        Clock::time_point since;
    };
    struct Waiting;
    struct Host {
        config::Endpoint endpoint;
        std::vector<Idle> idle;  // the longest idle first
        std::deque<Waiting*> waiting;
        std::size_t open = 0;  // lent and idle
        Clock::time_point refused_until{};
        wire::SmtpResult refusal;  // until then
        bool dsn = false;
    };

    Result<SmtpAccess> access_to(const config::Endpoint& endpoint);
    Host& host(const config::Endpoint& endpoint);
    bool may_serve_on(const SmtpConnection& connection) const;
    std::unique_ptr<SmtpConnection> take_idle(Host& host) const;
    void give_back(Host& host, std::unique_ptr<SmtpConnection> connection);
    void hand_over(Host& host, std::unique_ptr<SmtpConnection> connection);
    void reap_later();
    void reap();

    boost::asio::any_io_executor executor_;
    std::string hello_name_;
    ConnectionLimits limits_;
    std::map<config::Endpoint, Host> hosts_;
    std::shared_ptr<const Accounts> accounts_ = std::make_shared<const Accounts>();
    std::map<std::string, std::shared_ptr<SSL_CTX>> trusted_;  // by file: reading one takes a while
    boost::asio::steady_timer reaper_;
    bool reaping_ = false;
    bool closed_ = false;
};

// The right to one connection.
class ConnectionPool::Lease {
  public:
    Lease(std::shared_ptr<ConnectionPool> pool, Host& host, std::unique_ptr<SmtpConnection> connection);
    ~Lease();
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;

    bool reused() const { return reused_; }  // open before it was lent
    // A new one is opened. Nothing: it is ready; else what each recipient is to be told. An endpoint that
    // refused less than a second ago is not asked.
    boost::asio::awaitable<std::optional<wire::SmtpResult>> open(Clock::time_point until);
    SmtpConnection& connection() { return *connection_; }

  private:
    std::shared_ptr<ConnectionPool> pool_;  // null: moved from
    Host* host_;
    std::unique_ptr<SmtpConnection> connection_;  // null: not opened
    bool reused_;
};

}  // namespace mailrota::runtime
