#include "core/runtime/connections.h"

#include <utility>

#include "core/runtime/connection_pool.h"

namespace mailrota::runtime {

namespace {

namespace asio = boost::asio;
using wire::SmtpResult;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds farewell{1};

SmtpResult no_connection(const std::string& why) {
    return {SmtpResult::Outcome::deferred, {451, "4.4.5", why}, false};
}

}  // namespace

struct Connections::Pool : ConnectionPool {
    using ConnectionPool::ConnectionPool;
};

Connections::Connections(asio::any_io_executor executor, std::string hello_name, ConnectionLimits limits)
    : pool_(std::make_shared<Pool>(std::move(executor), std::move(hello_name), limits)) {}

Connections::~Connections() = default;

asio::awaitable<Sent> Connections::send(config::Endpoint endpoint, wire::OutgoingMail mail,
                                        std::chrono::seconds within) {
    const auto pool = pool_;
    const auto until = Clock::now() + within;
    const std::size_t count = mail.recipients.size();
    Sent sent;
    sent.peer = endpoint.to_string();
    while (true) {
        auto lease = co_await pool->acquire(endpoint, until);
        std::optional<SmtpResult> refusal;
        if (!lease)
            refusal = no_connection("no connection to " + sent.peer + " got free in time");
        else if (pool->closed())
            refusal = no_connection("going down");
        else if (!lease->reused())
            refusal = co_await lease->open(until);
        if (refusal) {
            sent.tried = lease && !pool->closed();
            sent.results.assign(count, *refusal);
            co_return sent;
        }
        sent.reused = lease->reused();
        sent.results = co_await lease->connection().send(&mail, until);
        if (!sent.reused || !lease->connection().was_dead()) co_return sent;
    }
}

void Connections::use_accounts(std::shared_ptr<const Accounts> accounts) {
    pool_->use_accounts(std::move(accounts));
}

bool Connections::has_dsn(const config::Endpoint& endpoint) const { return pool_->has_dsn(endpoint); }

asio::awaitable<void> Connections::close() {
    const auto pool = pool_;
    co_await pool->close(Clock::now() + farewell);
}

}  // namespace mailrota::runtime
