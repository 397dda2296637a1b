#include "tests/fakes/client.h"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace mailrota::fakes {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::generic::stream_protocol;

struct Target {
    stream_protocol::endpoint endpoint;
    std::string host;
    std::string path;
    std::string user;  ///< "name:password" of the URL
};

Target parse_url(const std::string& url) {
    const auto scheme = url.find("://");
    const bool local = url.starts_with("http+unix://");
    if (!local && !url.starts_with("http://")) throw std::runtime_error("not an http URL");
    const auto start = scheme + 3;
    const auto slash = std::min(url.find_first_of("/?", start), url.size());
    std::string authority = url.substr(start, slash - start);
    Target target;
    target.path = url.substr(slash);
    if (!target.path.starts_with('/')) target.path.insert(0, "/");
    if (const auto at = authority.rfind('@'); at != std::string::npos) {
        target.user = percent_decoded(authority.substr(0, at));
        authority.erase(0, at + 1);
    }
    target.host = local ? "localhost" : authority;
    if (local) {
        target.endpoint = asio::local::stream_protocol::endpoint(percent_decoded(authority));
        return target;
    }
    const auto colon = authority.rfind(':');
    const auto port = colon == std::string::npos ? 80 : std::stoi(authority.substr(colon + 1));
    const auto host = authority.substr(0, colon);
    target.endpoint =
        asio::ip::tcp::endpoint(asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host),
                                static_cast<asio::ip::port_type>(port));
    return target;
}

http::request<http::string_body> message_of(const Outgoing& given, const Target& target) {
    http::request<http::string_body> request(http::string_to_verb(given.method), target.path, 11);
    request.set(http::field::host, target.host);
    request.set(http::field::connection, "close");
    for (const auto& [name, value] : given.headers) request.set(name, value);
    if (!target.user.empty()) request.set(http::field::authorization, "Basic " + to_base64(target.user));
    request.body() = given.body;
    request.prepare_payload();
    return request;
}

asio::awaitable<Incoming> exchange(Outgoing given) {
    const Target target = parse_url(given.url);
    stream_protocol::socket socket(co_await asio::this_coro::executor);
    co_await socket.async_connect(target.endpoint, asio::use_awaitable);
    const auto request = message_of(given, target);
    co_await http::async_write(socket, request, asio::use_awaitable);
    boost::beast::flat_buffer buffer;
    http::response<http::string_body> answer;
    co_await http::async_read(socket, buffer, answer, asio::use_awaitable);
    Incoming incoming;
    incoming.status = static_cast<int>(answer.result_int());
    incoming.words = std::move(answer.body());
    for (const auto& field : answer) incoming.headers.emplace_back(field.name_string(), field.value());
    co_return incoming;
}

/// A failure is an outcome here: `||` below would wait for the other side after an exception.
asio::awaitable<Incoming> exchange_or_say_why(Outgoing request) {
    Incoming incoming;
    try {
        incoming = co_await exchange(std::move(request));
    } catch (const boost::system::system_error& error) {
        incoming.words = error.code().message();
    } catch (const std::exception& error) {
        incoming.words = error.what();
    }
    co_return incoming;
}

asio::awaitable<void> pause(std::chrono::seconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace

asio::awaitable<Incoming> ask(Outgoing request, int seconds) {
    using namespace asio::experimental::awaitable_operators;
    auto finished =
        co_await (exchange_or_say_why(std::move(request)) || pause(std::chrono::seconds(seconds)));
    if (finished.index() == 0) co_return std::get<0>(std::move(finished));
    Incoming silence;
    silence.words = "no answer in time";
    co_return silence;
}

}  // namespace mailrota::fakes
