#include "tests/fakes/server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <exception>

namespace mailrota::fakes {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using std::chrono::milliseconds;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr std::uint64_t most_body = 120'000'000;
constexpr std::size_t usual_request = 8192;  // read in one piece: what a bench sends
constexpr milliseconds drip_gap{50};

Request head_of(const http::request<http::string_body>& given) {
    Request request;
    request.method = given.method_string();
    request.target = given.target();
    if (const auto scheme = request.target.find("://");
        scheme != std::string::npos && request.target[0] != '/') {
        // The absolute form, as a proxy gets it.
        const auto slash = request.target.find('/', scheme + 3);
        request.target = slash == std::string::npos ? "/" : request.target.substr(slash);
    }
    const auto question = std::min(request.target.find('?'), request.target.size());
    request.path = request.target.substr(0, question);
    if (question < request.target.size())
        request.query = parse_urlencoded(std::string_view(request.target).substr(question + 1));
    for (const auto& field : given) request.headers.emplace_back(field.name_string(), field.value());
    return request;
}

std::string on_the_wire(const Reply& reply, bool with_body) {
    const auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(reply.status)));
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " " + std::string(reason) + "\r\n";
    text += "Date: " + http_date(current_second()) + "\r\n";
    if (!find_field(reply.headers, "Content-Type")) text += "Content-Type: application/json\r\n";
    for (const auto& [name, value] : reply.headers) text += name + ": " + value + "\r\n";
    text += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n";
    return with_body ? text + reply.body : text;
}

asio::awaitable<void> pause(milliseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

void reset(tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
}

}  // namespace

Server::Server(asio::io_context& service, World& world)
    : service_(service), world_(world), control_(world), tls_(asio::ssl::context::tls_server) {
    const auto& certificate = world.keys.certificate;
    const auto key = world.keys.sns.private_pem();
    tls_.use_certificate_chain(asio::buffer(certificate));
    tls_.use_private_key(asio::buffer(key), asio::ssl::context::pem);
}

void Server::listen(int port, bool tls) {
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), static_cast<asio::ip::port_type>(port));
    tcp::acceptor acceptor(service_);
    acceptor.open(endpoint.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen(4096);
    asio::co_spawn(service_, accept(std::move(acceptor), tls), asio::detached);
}

asio::awaitable<void> Server::accept(tcp::acceptor acceptor, bool tls) {
    for (;;) {
        auto [error, socket] = co_await acceptor.async_accept(quietly);
        if (error) {
            // Out of descriptors, most likely: others will end.
            co_await pause(milliseconds(20));
            continue;
        }
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        asio::co_spawn(service_, tls ? serve_tls(std::move(socket)) : serve_plain(std::move(socket)),
                       asio::detached);
    }
}

asio::awaitable<void> Server::serve_plain(Socket socket) {
    const bool tunnel = co_await serve(socket, socket);
    if (tunnel) co_await serve_tls(std::move(socket));
}

asio::awaitable<void> Server::serve_tls(Socket socket) {
    asio::ssl::stream<Socket&> stream(socket, tls_);
    const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, quietly);
    if (!error) co_await serve(stream, socket);
}

template <class Stream>
asio::awaitable<bool> Server::serve(Stream& stream, Socket& socket) {
    boost::beast::flat_buffer buffer;
    buffer.reserve(usual_request);
    for (;;) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(most_body);
        const auto [head_error, head_size] =
            co_await http::async_read_header(stream, buffer, parser, quietly);
        if (head_error) co_return false;
        if (parser.get().method() == http::verb::connect) {
            const std::string opened = "HTTP/1.1 200 Connection established\r\n\r\n";
            const auto [error, size] = co_await asio::async_write(stream, asio::buffer(opened), quietly);
            co_return !error;
        }
        Request request = head_of(parser.get());
        Api* api = world_.receiver(request);
        if (api && api->is_sending(request) && world_.faults.take_cut_off(api->name())) {
            reset(socket);
            co_return false;
        }
        if (boost::beast::iequals(parser.get()[http::field::expect], "100-continue")) {
            const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            const auto [error, size] = co_await asio::async_write(stream, asio::buffer(go_on), quietly);
            if (error) co_return false;
        }
        const auto [body_error, body_size] = co_await http::async_read(stream, buffer, parser, quietly);
        if (body_error) co_return false;
        const bool keep = parser.get().keep_alive();
        const bool with_body = parser.get().method() != http::verb::head;
        request.body = std::move(parser.get().body());
        Reply reply = co_await answer(api, std::move(request));
        const bool sent = co_await send(stream, socket, std::move(reply), with_body);
        if (!sent || !keep) co_return false;
    }
}

asio::awaitable<Reply> Server::answer(Api* api, Request request) {
    Reply reply;
    milliseconds latency{0};
    try {
        if (api) {
            if (api->is_sending(request)) latency = api->latency();
            reply = api->answer(request);
            const Provider* provider = world_.provider(api->name());
            const auto mail = provider ? provider->last_accepted() : nullptr;
            if (mail && !provider->account().hook_url.empty())
                asio::co_spawn(service_, tell_of(provider, mail, &control_.messages()), asio::detached);
        } else if (request.path.starts_with("/control/")) {
            reply = co_await control_.answer(std::move(request));
        } else {
            reply = text_reply(404, "nobody is here\n");
        }
    } catch (const std::exception& error) {
        reply = json_reply(500, {{"error", error.what()}});
    }
    if (latency.count() > 0) co_await pause(latency);
    co_return reply;
}

template <class Stream>
asio::awaitable<bool> Server::send(Stream& stream, Socket& socket, Reply reply, bool with_body) {
    if (reply.manner == Reply::Manner::reset) {
        reset(socket);
        co_return false;
    }
    if (reply.manner == Reply::Manner::silent) {
        // Until the client gives up.
        char byte = 0;
        co_await stream.async_read_some(asio::buffer(&byte, 1), quietly);
        co_return false;
    }
    const std::string text = on_the_wire(reply, with_body);
    const std::size_t step = reply.manner == Reply::Manner::drip ? 1 : text.size();
    for (std::size_t at = 0; at < text.size(); at += step) {
        const auto [error, size] =
            co_await asio::async_write(stream, asio::buffer(text.data() + at, step), quietly);
        if (error) co_return false;
        if (step == 1) co_await pause(drip_gap);
    }
    co_return true;
}

}  // namespace mailrota::fakes
