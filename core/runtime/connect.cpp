#include "core/runtime/connect.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "core/runtime/deadline.h"

namespace mailrota::runtime {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Tcp = asio::ip::tcp;
using Unix = asio::local::stream_protocol;
using Socket = asio::generic::stream_protocol::socket;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds pause{5};  // before a full unix socket is tried again
constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;

// The lookup cannot be stopped, so it may outlive who asked.
struct Lookup {
    explicit Lookup(const asio::any_io_executor& executor) : resolver(executor), done(executor) {}

    Tcp::resolver resolver;
    asio::steady_timer done;
    bool finished = false;
    error_code failure = asio::error::timed_out;
    std::vector<Tcp::endpoint> addresses;
};

void start(const std::shared_ptr<Lookup>& lookup, const std::string& host, std::uint16_t port) {
    lookup->resolver.async_resolve(host, std::to_string(port), Tcp::resolver::numeric_service,
                                   [lookup](error_code failure, const Tcp::resolver::results_type& found) {
                                       lookup->finished = true;
                                       lookup->failure = failure;
                                       lookup->addresses.assign(found.begin(), found.end());
                                       lookup->done.cancel();
                                   });
}

asio::awaitable<std::shared_ptr<Lookup>> look_up(std::string host, std::uint16_t port,
                                                 Clock::time_point until) {
    const auto executor = co_await asio::this_coro::executor;
    auto lookup = std::make_shared<Lookup>(executor);
    const auto address = asio::ip::make_address(host, lookup->failure);
    if (!lookup->failure) {
        lookup->addresses.emplace_back(address, port);
        co_return lookup;
    }
    lookup->failure = asio::error::timed_out;
    lookup->done.expires_at(until);
    start(lookup, host, port);
    if (!lookup->finished) co_await lookup->done.async_wait(as_values);
    co_return lookup;
}

asio::awaitable<error_code> connect_address(Socket* socket, Tcp::endpoint address, Clock::time_point until) {
    error_code failure;
    socket->close(failure);
    socket->open(asio::generic::stream_protocol(address.protocol()), failure);
    if (failure) co_return failure;
    Deadline limit(socket->get_executor(), [socket] {
        error_code ignored;
        socket->close(ignored);
    });
    limit.set(until);
    const auto [result] = co_await socket->async_connect(address, as_values);
    if (limit.expired()) co_return asio::error::timed_out;
    if (!result) socket->set_option(Tcp::no_delay(true), failure);
    co_return result;
}

asio::awaitable<error_code> connect_name(Socket* socket, config::Endpoint endpoint, Clock::time_point until) {
    const auto lookup = co_await look_up(endpoint.host, endpoint.port, until);
    error_code failure = lookup->failure;
    for (std::size_t index = 0; index < lookup->addresses.size(); ++index) {
        const auto now = Clock::now();
        const auto left = static_cast<Clock::rep>(lookup->addresses.size() - index);
        failure = co_await connect_address(socket, lookup->addresses[index], now + (until - now) / left);
        if (!failure) break;
    }
    co_return failure;
}

// Asio takes EAGAIN, which a unix socket with a full backlog gives, for a connection in progress, and then
// for success: so the call is made by hand.
asio::awaitable<error_code> connect_path(Socket* socket, std::string path, Clock::time_point until) {
    error_code failure;
    if (path.size() > longest_path) co_return error_code(ENAMETOOLONG, boost::system::system_category());
    const Unix::endpoint address(path);
    socket->open(asio::generic::stream_protocol(Unix()), failure);
    if (!failure) socket->native_non_blocking(true, failure);
    if (failure) co_return failure;
    asio::steady_timer timer(socket->get_executor());
    while (::connect(socket->native_handle(), address.data(), static_cast<socklen_t>(address.size())) != 0) {
        if (errno != EAGAIN && errno != EINTR) co_return error_code(errno, boost::system::system_category());
        if (Clock::now() >= until) co_return asio::error::timed_out;
        timer.expires_at(std::min(until, Clock::now() + pause));
        co_await timer.async_wait(as_values);
    }
    co_return error_code();
}

}  // namespace

asio::awaitable<error_code> connect(Socket* socket, config::Endpoint endpoint, Clock::time_point until) {
    error_code failure;
    if (endpoint.path.empty())
        failure = co_await connect_name(socket, std::move(endpoint), until);
    else
        failure = co_await connect_path(socket, endpoint.path, until);
    if (!failure) socket->non_blocking(true, failure);
    co_return failure;
}

}  // namespace mailrota::runtime
