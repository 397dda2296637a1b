#include "web/server.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "web/connection.h"

namespace mailrota::web {

namespace asio = boost::asio;

namespace {

using Protocol = asio::generic::stream_protocol;
using Acceptor = asio::basic_socket_acceptor<Protocol>;

constexpr std::uint64_t most_turned_away = 50;  // at once; more are closed without a word
constexpr std::chrono::milliseconds for_a_descriptor{100};

struct Listener {
    std::string name;
    bool inet;
    Acceptor acceptor;
};

int family_of(int descriptor) {
    int family = AF_UNSPEC;
    socklen_t length = sizeof family;
    getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &length);
    return family;
}

// Small answers do not wait for acknowledgements. Accepted connections inherit it.
void send_at_once(int descriptor) {
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// Nothing if the client has gone already: a connection without an address counts as one of this host.
std::optional<Client> peer_of(const Socket& socket) {
    boost::system::error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    const auto* address = endpoint.data();
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (error) return std::nullopt;
    if (address->sa_family == AF_UNIX) return Client();
    const void* bytes = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
    if (address->sa_family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
    if (inet_ntop(address->sa_family, bytes, text.data(), text.size()) == nullptr) return std::nullopt;
    const std::string_view whole(text.data());
    constexpr std::string_view mapped = "::ffff:";
    const bool v4 = whole.starts_with(mapped) && whole.find('.') != std::string_view::npos;
    return Client{std::string(v4 ? whole.substr(mapped.size()) : whole)};
}

// Says 503 to a client for whom there is no room.
asio::awaitable<void> turn_away(std::unique_ptr<Stream> stream, std::string date) {
    auto response = error_response(503, "too many connections");
    response.headers.emplace_back("Retry-After", "1");
    auto answer = head_of(response, date, false);
    for (const auto piece : response.body.pieces) answer += piece;
    stream->expires_after(std::chrono::seconds(1));
    std::vector<asio::const_buffer> bytes(1, asio::buffer(answer));
    const auto error = co_await stream->write(std::move(bytes));
    if (!error) co_await stream->leave();
    stream->close();
}

}  // namespace

// Shared by the server and all that it started.
struct Server::State : std::enable_shared_from_this<State> {
    State(std::shared_ptr<Site> given_site, std::vector<asio::io_context*> given_contexts)
        : site(std::move(given_site)), contexts(std::move(given_contexts)) {}

    asio::awaitable<void> accept_from(std::shared_ptr<Listener> listener);
    void take(Socket socket, bool inet);
    void start(const std::shared_ptr<Connection>& connection);
    void refuse(Socket socket, bool inet);

    std::shared_ptr<Site> site;
    std::vector<asio::io_context*> contexts;
    std::vector<std::shared_ptr<Listener>> listeners;
    std::shared_ptr<asio::ssl::context> tls;
    std::size_t next_context = 0;
    std::uint64_t accepted = 0;
    std::atomic<std::uint64_t> being_turned_away = 0;
    std::mutex mutex;
    std::map<Connection*, std::weak_ptr<Connection>> connections;  // guarded by mutex
};

asio::awaitable<void> Server::State::accept_from(std::shared_ptr<Listener> listener) {
    constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
    asio::steady_timer pause(*contexts.front());
    while (!site->stopping) {
        auto& context = *contexts[next_context++ % contexts.size()];
        auto [error, socket] = co_await listener->acceptor.async_accept(context, as_values);
        if (site->stopping) break;
        if (!error) {
            take(std::move(socket), listener->inet);
            continue;
        }
        site->log.warning(
            runtime::LogLine("accept").with("socket", listener->name).with("reason", error.message()));
        pause.expires_after(for_a_descriptor);
        co_await pause.async_wait(as_values);
    }
}

void Server::State::take(Socket socket, bool inet) {
    if (site->connections >= site->settings.max_connections) return refuse(std::move(socket), inet);
    auto peer = peer_of(socket);
    if (!peer) return;
    auto stream = make_stream(std::move(socket), inet ? tls : nullptr);
    start(std::make_shared<Connection>(site, std::move(stream), *std::move(peer)));
}

void Server::State::start(const std::shared_ptr<Connection>& connection) {
    ++site->connections;
    {
        const std::lock_guard lock(mutex);
        connections.emplace(connection.get(), connection);
    }
    asio::co_spawn(connection->executor(), connection->run(),
                   [self = shared_from_this(), connection](const std::exception_ptr&) {
                       {
                           const std::lock_guard lock(self->mutex);
                           self->connections.erase(connection.get());
                       }
                       --self->site->connections;
                   });
}

void Server::State::refuse(Socket socket, bool inet) {
    ++site->turned_away;
    if ((inet && tls) || being_turned_away >= most_turned_away) return;  // closes it
    ++being_turned_away;
    auto stream = make_stream(std::move(socket), nullptr);
    auto executor = stream->executor();
    asio::co_spawn(executor, turn_away(std::move(stream), http_date(site->clock())),
                   [self = shared_from_this()](const std::exception_ptr&) { --self->being_turned_away; });
}

Server::Server(std::shared_ptr<Site> site, std::vector<asio::io_context*> contexts)
    : state_(std::make_shared<State>(std::move(site), std::move(contexts))) {}

Server::~Server() = default;

void Server::serve(const std::vector<Listening>& sockets) {
    for (const auto& [name, descriptor] : sockets) {
        const int family = family_of(descriptor);
        const bool inet = family == AF_INET || family == AF_INET6;
        if (inet) send_at_once(descriptor);
        auto& context = *state_->contexts.front();
        auto listener = std::make_shared<Listener>(
            Listener{name, inet, Acceptor(context, Protocol(family, 0), descriptor)});
        state_->listeners.push_back(listener);
        asio::co_spawn(context, state_->accept_from(listener), [self = state_](const std::exception_ptr&) {});
    }
}

void Server::use_tls(std::shared_ptr<asio::ssl::context> tls) { state_->tls = std::move(tls); }

void Server::stop() {
    state_->site->stopping = true;
    boost::system::error_code ignored;
    for (const auto& listener : state_->listeners) listener->acceptor.close(ignored);
    const std::lock_guard lock(state_->mutex);
    for (const auto& [pointer, weak] : state_->connections)
        if (auto connection = weak.lock())
            asio::post(connection->executor(), [connection] { connection->stop(); });
}

}  // namespace mailrota::web
