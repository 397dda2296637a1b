#include "lmtp/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <exception>
#include <utility>

#include "core/runtime/listening_socket.h"
#include "lmtp/session.h"

namespace mailrota::lmtp {

namespace asio = boost::asio;
using runtime::LogLine;

namespace {

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds after_failed_accept{1};

const wire::Reply too_many{421, "4.3.2", "mailrota: too many connections"};
const wire::Reply stranger{554, "5.7.1", "mailrota: not for you"};

// "192.0.2.1" or "2001:db8::1"; empty for a unix socket.
std::string ip_of(const asio::generic::stream_protocol::endpoint& peer) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (peer.data()->sa_family == AF_INET) {
        sockaddr_in address{};
        std::memcpy(&address, peer.data(), sizeof address);
        inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
    } else if (peer.data()->sa_family == AF_INET6) {
        sockaddr_in6 address{};
        std::memcpy(&address, peer.data(), sizeof address);
        if (IN6_IS_ADDR_V4MAPPED(&address.sin6_addr) != 0)
            inet_ntop(AF_INET, address.sin6_addr.s6_addr + 12, text.data(), text.size());
        else
            inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
    }
    return text.data();
}

// What the kernel does not take at once is not waited for.
void turn_away(asio::generic::stream_protocol::socket socket, const wire::Reply& reply) {
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(wire::to_wire(reply)), ignored);
}

asio::awaitable<void> serve(Lane& lane, Listener& listener, SessionStream::Socket socket, mail::Client peer) {
    Session session(lane, listener, std::move(socket), std::move(peer));
    co_await session.run();
}

}  // namespace

Listener::Listener(Front& front, config::ListenerSettings settings, std::vector<Lane*> lanes)
    : front_(front),
      settings_(std::move(settings)),
      lanes_(std::move(lanes)),
      acceptor_(front.service.context(0)) {}

Result<void> Listener::open(int given) {
    if (settings_.tls) {
        auto loaded = load_tls(*settings_.tls);
        if (!loaded) return tl::unexpected(loaded.error());
        tls_ = *std::move(loaded);
    }
    if (given < 0) {
        auto opened = runtime::listen_on({settings_.socket, settings_.socket_mode, settings_.socket_group});
        if (!opened) return tl::unexpected(opened.error());
        given = *opened;
    }
    int family = AF_UNIX;
    socklen_t length = sizeof family;
    getsockopt(given, SOL_SOCKET, SO_DOMAIN, &family, &length);
    boost::system::error_code failure;
    acceptor_.assign(Protocol(family, 0), given, failure);
    if (failure) return unavailable(settings_.socket + ": " + failure.message());
    asio::co_spawn(acceptor_.get_executor(), accept_all(), [](const std::exception_ptr&) {});
    return {};
}

void Listener::close() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
}

void Listener::reload_tls() {
    if (!settings_.tls) return;
    auto loaded = load_tls(*settings_.tls);
    if (!loaded) {
        front_.service.log().error(LogLine("certificate")
                                       .with("listener", settings_.name)
                                       .with("reason", loaded.error().text)
                                       .with("outcome", "the one in use stays"));
        return;
    }
    const std::lock_guard lock(tls_guard_);
    tls_ = *std::move(loaded);
}

std::shared_ptr<TlsContext> Listener::tls() const {
    const std::lock_guard lock(tls_guard_);
    return tls_;
}

wire::SmtpServerOptions Listener::options() const {
    const bool lmtp = settings_.protocol == config::ListenerSettings::Protocol::lmtp;
    wire::SmtpServerOptions options;
    options.protocol =
        lmtp ? wire::SmtpServerOptions::Protocol::lmtp : wire::SmtpServerOptions::Protocol::esmtp;
    options.hostname = front_.service.hostname();
    options.max_size = settings_.max_size;
    options.max_recipients = settings_.max_recipients;
    options.dsn = settings_.dsn && settings_.reinject.has_value();
    options.xforward = lmtp;
    options.starttls = settings_.tls.has_value();
    options.tls_required = settings_.tls_required;
    options.auth = !settings_.users.empty();
    return options;
}

asio::awaitable<void> Listener::accept_all() {
    asio::steady_timer pause(acceptor_.get_executor());
    for (std::size_t turn = 0; acceptor_.is_open(); ++turn) {
        Lane& lane = *lanes_[turn % lanes_.size()];
        Socket socket(lane.context());
        Protocol::endpoint peer;
        const auto [failure] = co_await acceptor_.async_accept(socket, peer, as_values);
        if (!failure) {
            admit(lane, std::move(socket), peer);
        } else if (acceptor_.is_open()) {
            // No descriptor is left, or the like: trying at once would only spin.
            front_.service.log().error(
                LogLine("accept-failed").with("listener", settings_.name).with("reason", failure.message()));
            pause.expires_after(after_failed_accept);
            const auto [stopped] = co_await pause.async_wait(as_values);
            if (stopped) co_return;
        }
    }
}

void Listener::admit(Lane& lane, Socket socket, const Protocol::endpoint& peer) {
    mail::Client client;
    client.ip = ip_of(peer);
    if (!may_speak(client.ip)) {
        front_.service.log().warning(
            LogLine("stranger").with("listener", settings_.name).with("client", client.ip));
        return turn_away(std::move(socket), stranger);
    }
    if (sessions_ >= settings_.max_connections) {
        front_.service.metrics().error("limit");
        front_.service.log().warning(
            LogLine("too-many-connections").with("listener", settings_.name).with("client", client.ip));
        return turn_away(std::move(socket), too_many);
    }
    ++sessions_;
    auto log_failure = [this](const std::exception_ptr& failure) {
        if (failure) front_.service.log().error(LogLine("exception").with("listener", settings_.name));
    };
    asio::co_spawn(lane.context(), serve(lane, *this, std::move(socket), std::move(client)),
                   std::move(log_failure));
}

// A unix socket is guarded by its mode.
bool Listener::may_speak(const std::string& ip) const {
    if (ip.empty()) return true;
    return std::ranges::any_of(settings_.clients,
                               [&](const policy::Network& network) { return network.holds(ip); });
}

std::string Listener::status() const {
    const auto line = [this](const char* name, std::uint64_t value) {
        return "listener." + settings_.name + "." + name + ": " + std::to_string(value) + "\n";
    };
    return line("sessions", sessions_) + line("mails_in_progress", in_progress_) + line("mails", mails_);
}

}  // namespace mailrota::lmtp
