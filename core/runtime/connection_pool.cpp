#include "core/runtime/connection_pool.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace mailrota::runtime {

namespace asio = boost::asio;
using boost::system::error_code;
using wire::SmtpResult;

constexpr std::chrono::seconds refusal_holds{1};
constexpr std::chrono::seconds reap_every{1};

namespace {

// What is missing is ours to mend: no server has said anything.
SmtpResult no_access(const Error& error) {
    if (error.kind == ErrorKind::unavailable)
        return {SmtpResult::Outcome::deferred, {451, "4.3.5", error.text}, false, SmtpResult::Stage::tls};
    return {SmtpResult::Outcome::failed, {550, "5.3.5", error.text}, false, SmtpResult::Stage::login};
}

}  // namespace

// Somebody who waits, in the line of his host while he does.
struct ConnectionPool::Waiting {
    Waiting(Host& host, const asio::any_io_executor& executor, Clock::time_point until)
        : line(host.waiting), timer(executor, until) {
        line.push_back(this);
    }
    ~Waiting() { std::erase(line, this); }
    Waiting(const Waiting&) = delete;

    std::deque<Waiting*>& line;
    asio::steady_timer timer;
    std::optional<Lease> lease;  // there: it was his turn
};

ConnectionPool::ConnectionPool(asio::any_io_executor executor, std::string hello_name,
                               ConnectionLimits limits)
    : executor_(std::move(executor)),
      hello_name_(std::move(hello_name)),
      limits_(limits),
      reaper_(executor_) {}

ConnectionPool::Host& ConnectionPool::host(const config::Endpoint& endpoint) {
    const auto [place, added] = hosts_.try_emplace(endpoint);
    if (added) place->second.endpoint = endpoint;
    return place->second;
}

void ConnectionPool::use_accounts(std::shared_ptr<const Accounts> accounts) {
    const auto before = std::exchange(accounts_, std::move(accounts));
    trusted_.clear();
    for (auto& [endpoint, host] : hosts_) {
        const auto old = before->find(endpoint.account);
        const auto now = accounts_->find(endpoint.account);
        const bool same = old == before->end() || now == accounts_->end()
                              ? old == before->end() && now == accounts_->end()
                              : old->second == now->second;
        if (same) continue;
        for (const Idle& idle : host.idle) idle.connection->leave();
        host.open -= host.idle.size();
        host.idle.clear();
        host.refused_until = {};
    }
}

Result<SmtpAccess> ConnectionPool::access_to(const config::Endpoint& endpoint) {
    SmtpAccess access;
    const auto account = accounts_->find(endpoint.account);
    if (account != accounts_->end()) access.account = account->second;
    if (account == accounts_->end() && !endpoint.account.empty())
        return invalid("there is no login for " + endpoint.account);
    if (endpoint.security == config::Endpoint::Security::none) return access;
    auto& trusted = trusted_[access.account.ca_file];
    if (!trusted) {
        auto read = trust(access.account.ca_file);
        if (!read) return tl::unexpected(read.error());
        trusted = *read;
    }
    access.trusted = trusted;
    return access;
}

bool ConnectionPool::has_dsn(const config::Endpoint& endpoint) const {
    const auto place = hosts_.find(endpoint);
    return place != hosts_.end() && place->second.dsn;
}

asio::awaitable<std::optional<ConnectionPool::Lease>> ConnectionPool::acquire(config::Endpoint endpoint,
                                                                              Clock::time_point until) {
    Host& from = host(endpoint);
    if (auto idle = take_idle(from)) co_return Lease(shared_from_this(), from, std::move(idle));
    if (from.open < limits_.most_each) {
        ++from.open;
        co_return Lease(shared_from_this(), from, nullptr);
    }
    Waiting waiting(from, executor_, until);
    co_await waiting.timer.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return std::move(waiting.lease);
}

bool ConnectionPool::may_serve_on(const SmtpConnection& connection) const {
    return connection.mails() < limits_.mails_each && Clock::now() - connection.made() < limits_.age;
}

// The last one that is alive: those that are not needed grow old.
std::unique_ptr<SmtpConnection> ConnectionPool::take_idle(Host& host) const {
    while (!host.idle.empty()) {
        auto connection = std::move(host.idle.back().connection);
        host.idle.pop_back();
        if (may_serve_on(*connection) && connection->quiet()) return connection;
        connection->leave();
        --host.open;
    }
    return nullptr;
}

void ConnectionPool::give_back(Host& host, std::unique_ptr<SmtpConnection> connection) {
    const bool usable = connection && connection->ready() && may_serve_on(*connection) && !closed_;
    if (usable && !host.waiting.empty()) return hand_over(host, std::move(connection));
    if (usable && host.idle.size() < limits_.idle_each) {
        host.idle.push_back({std::move(connection), Clock::now()});
        return reap_later();
    }
    if (connection) connection->leave();
    if (!host.waiting.empty()) return hand_over(host, nullptr);
    --host.open;
}

void ConnectionPool::hand_over(Host& host, std::unique_ptr<SmtpConnection> connection) {
    Waiting* first = host.waiting.front();
    host.waiting.pop_front();
    first->lease.emplace(shared_from_this(), host, std::move(connection));
    first->timer.cancel();
}

void ConnectionPool::reap_later() {
    if (std::exchange(reaping_, true)) return;
    reaper_.expires_after(reap_every);
    reaper_.async_wait([weak = weak_from_this()](error_code failure) {
        const auto self = weak.lock();
        if (self && !failure) self->reap();
    });
}

void ConnectionPool::reap() {
    reaping_ = false;
    const auto longest = Clock::now() - limits_.idle;
    for (auto& [endpoint, host] : hosts_) {
        while (!host.idle.empty() && host.idle.front().since <= longest) {
            host.idle.front().connection->leave();
            host.idle.erase(host.idle.begin());
            --host.open;
        }
        if (!host.idle.empty()) reap_later();
    }
}

asio::awaitable<void> ConnectionPool::close(Clock::time_point until) {
    closed_ = true;
    reaper_.cancel();
    std::vector<Idle> all;
    for (auto& [endpoint, host] : hosts_) {
        host.open -= host.idle.size();
        std::move(host.idle.begin(), host.idle.end(), std::back_inserter(all));
        host.idle.clear();
    }
    for (const Idle& idle : all) idle.connection->say_quit();
    for (const Idle& idle : all) co_await idle.connection->wait_for_close(until);
}

ConnectionPool::Lease::Lease(std::shared_ptr<ConnectionPool> pool, Host& host,
                             std::unique_ptr<SmtpConnection> connection)
    : pool_(std::move(pool)),
      host_(&host),
      connection_(std::move(connection)),
      reused_(connection_ != nullptr) {}

ConnectionPool::Lease::~Lease() {
    if (pool_) pool_->give_back(*host_, std::move(connection_));
}

asio::awaitable<std::optional<SmtpResult>> ConnectionPool::Lease::open(Clock::time_point until) {
    if (Clock::now() < host_->refused_until) co_return host_->refusal;
    auto access = pool_->access_to(host_->endpoint);
    if (!access) co_return no_access(access.error());
    connection_ = std::make_unique<SmtpConnection>(pool_->executor_, host_->endpoint, pool_->hello_name_,
                                                   pool_->limits_, std::move(*access));
    auto refusal = co_await connection_->open(until);
    if (!refusal) {
        host_->dsn = connection_->has_dsn();
    } else if (Clock::now() < until) {
        host_->refused_until = Clock::now() + refusal_holds;
        host_->refusal = *refusal;
    }
    co_return refusal;
}

}  // namespace mailrota::runtime
