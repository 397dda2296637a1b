#include "web/gate.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mailrota::web {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds delay{1};

Response answer(bool wrong_address) {
    if (wrong_address) return error_response(403, "not from this address");
    auto response = error_response(401, "credentials are missing or wrong");
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"mailrota\"");
    response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"mailrota\", charset=\"UTF-8\"");
    return response;
}

}  // namespace

Gate::Gate(runtime::Log& log, std::shared_ptr<const Doors> doors, std::size_t most_waiting)
    : log_(log), doors_(std::move(doors)), most_waiting_(most_waiting) {}

asio::awaitable<Gate::Admission> Gate::admit(const Request& request) {
    const auto credentials = parse_credentials(request.header("Authorization"));
    const auto& box = request.named.at("box");
    auto visit = doors_.get()->knock(box, credentials, request.client);
    if (visit.answer == Doors::Answer::entered) co_return visit;
    const bool wrong_address = visit.answer == Doors::Answer::wrong_address;
    ++refused_;
    log_.warning(runtime::LogLine("refused")
                     .with("client", request.client.shown())
                     .with("box", box)
                     .with("user", visit.user)
                     .with("reason", wrong_address ? "wrong address" : "wrong credentials"));
    auto refusal = co_await refuse(wrong_address);
    co_return tl::unexpected(std::move(refusal));
}

asio::awaitable<Response> Gate::refuse(bool wrong_address) {
    if (waiting_ >= most_waiting_) {
        auto response = error_response(429, "too many refusals at once");
        response.headers.emplace_back("Retry-After", "1");
        co_return response;
    }
    ++waiting_;
    asio::steady_timer timer(co_await asio::this_coro::executor, delay);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    --waiting_;
    co_return answer(wrong_address);
}

}  // namespace mailrota::web
