#include "tests/fakes/messenger.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <stdexcept>

namespace mailrota::fakes {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using namespace std::chrono_literals;
using asio::generic::stream_protocol;

constexpr int most_tries = 40;

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
    const auto slash = std::min(url.find('/', start), url.size());
    std::string authority = url.substr(start, slash - start);
    Target target;
    target.path = slash == url.size() ? "/" : url.substr(slash);
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

asio::awaitable<PostOutcome> exchange(std::string url, HookPost post) {
    const Target target = parse_url(url);
    const auto executor = co_await asio::this_coro::executor;
    stream_protocol::socket socket(executor);
    co_await socket.async_connect(target.endpoint, asio::use_awaitable);
    http::request<http::string_body> request(http::verb::post, target.path, 11);
    request.set(http::field::host, target.host);
    request.set(http::field::connection, "close");
    for (const auto& [name, value] : post.headers) request.set(name, value);
    if (!target.user.empty()) request.set(http::field::authorization, "Basic " + to_base64(target.user));
    request.body() = post.body;
    request.prepare_payload();
    co_await http::async_write(socket, request, asio::use_awaitable);
    boost::beast::flat_buffer buffer;
    http::response<http::string_body> answer;
    co_await http::async_read(socket, buffer, answer, asio::use_awaitable);
    PostOutcome outcome;
    outcome.status = answer.result_int();
    outcome.words = answer.body();
    co_return outcome;
}

/// A failure is an outcome here: `||` below would wait for the other side after an exception.
asio::awaitable<PostOutcome> exchange_or_say_why(std::string url, HookPost post) {
    PostOutcome outcome;
    try {
        outcome = co_await exchange(std::move(url), std::move(post));
    } catch (const boost::system::system_error& error) {
        outcome.words = error.code().message();
    } catch (const std::exception& error) {
        outcome.words = error.what();
    }
    co_return outcome;
}

asio::awaitable<void> pause(std::chrono::milliseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> send_until_taken(const Provider* provider, std::vector<HookEvent> events,
                                       std::size_t index, HookPost post, Messages* messages) {
    HookOrder order;
    order.url = provider->account().hook_url;
    auto gap = 100ms;
    for (int count = 0; count < most_tries; ++count) {
        ++messages->posts;
        const PostOutcome outcome = co_await send_post(order.url, post);
        if (outcome.status / 100 == 2) co_return;
        co_await pause(gap);
        gap = std::min(gap * 2, 2'000ms);
        // Svix alone signs anew at each repetition.
        if (provider->name() == "resend") post = provider->posts(events, order).at(index);
    }
    ++messages->given_up;
}

}  // namespace

asio::awaitable<PostOutcome> send_post(std::string url, HookPost post) {
    using namespace asio::experimental::awaitable_operators;
    auto finished = co_await (exchange_or_say_why(std::move(url), std::move(post)) || pause(20s));
    if (finished.index() == 0) co_return std::get<0>(finished);
    PostOutcome silence;
    silence.words = "no answer in time";
    co_return silence;
}

namespace {

std::string usual_words(const std::string& type) {
    if (type == "deferred") return "450 4.2.0 Try again later";
    if (type == "soft_bounced") return "452 4.2.2 Mailbox full";
    return type == "delivered" ? "250 2.0.0 OK" : "550 5.1.1 No such user here";
}

}  // namespace

HookEvent event_about(const Mail& mail, const std::string& recipient, const std::string& type) {
    HookEvent event;
    event.type = type;
    event.our_id = mail.our_id;
    event.message_id = mail.id;
    for (const auto& delivery : mail.deliveries)
        if (delivery.recipient == recipient) event.message_id = delivery.provider_id;
    event.recipient = recipient;
    event.all = mail.to;
    event.sender = mail.sender;
    event.subject = mail.subject;
    event.event_id = random_hex(32);
    event.at = current_second();
    event.words = usual_words(type);
    return event;
}

asio::awaitable<void> tell_of(const Provider* provider, MailPointer mail, Messages* messages) {
    co_await pause(provider->account().hook_delay);
    std::vector<HookEvent> events;
    for (const auto& recipient : mail->to) {
        const auto small = small_letters(recipient);
        const bool rejected = provider->account().suppressed.contains(small);
        const bool bounced = provider->account().bouncing.contains(small);
        events.push_back(event_about(*mail, recipient,
                                     rejected  ? "rejected"
                                     : bounced ? "bounced"
                                               : "delivered"));
    }
    messages->events += events.size();
    HookOrder order;
    order.url = provider->account().hook_url;
    const auto posts = provider->posts(events, order);
    messages->waiting += posts.size();
    for (std::size_t index = 0; index < posts.size(); ++index) {
        co_await send_until_taken(provider, events, index, posts[index], messages);
        --messages->waiting;
    }
}

}  // namespace mailrota::fakes
