#include "web/connection.h"

#include <utility>

#include "web/http_request.h"

namespace mailrota::web {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

using std::chrono::steady_clock;

constexpr std::uint32_t header_limit = 16U << 10U;
constexpr std::size_t buffer_limit = 64U << 10U;
constexpr std::size_t slice_size = 256U << 10U;
constexpr std::uint64_t small_body = 64U << 10U;  // any connection may have one, as it has its buffer
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

// Takes the next `slice_size` bytes, at most, off the pieces.
std::vector<asio::const_buffer> next_slice(std::vector<std::string_view>& pieces) {
    std::vector<asio::const_buffer> slice;
    std::size_t room = slice_size;
    while (room > 0 && !pieces.empty()) {
        auto& piece = pieces.front();
        const auto part = piece.substr(0, room);
        slice.emplace_back(part.data(), part.size());
        piece.remove_prefix(part.size());
        room -= part.size();
        if (piece.empty()) pieces.erase(pieces.begin());
    }
    return slice;
}

// Of a body without a length nobody knows how much comes.
std::uint64_t most_to_come(const HttpParser& parser, std::uint64_t limit) {
    if (parser.is_done()) return 0;
    const auto length = parser.content_length();
    return length ? *length : limit;
}

Response no_room() {
    auto response = error_response(503, "too many large requests at once");
    response.headers.emplace_back("Retry-After", "30");
    return response;
}

}  // namespace

Connection::Connection(std::shared_ptr<Site> site, std::unique_ptr<Stream> stream, Client peer)
    : site_(std::move(site)), stream_(std::move(stream)), peer_(std::move(peer)), buffer_(buffer_limit) {}

asio::awaitable<void> Connection::run() {
    stream_->expires_after(site_->settings.timeout);
    const auto error = co_await stream_->open();
    gone_ = static_cast<bool>(error);
    bool goes_on = !gone_;
    while (goes_on && !site_->stopping) {
        goes_on = co_await wait_for_request();
        if (goes_on) goes_on = co_await serve_one();
    }
    if (!gone_) co_await stream_->leave();
    stream_->close();
}

void Connection::stop() {
    if (waiting_) stream_->close();
}

asio::awaitable<bool> Connection::wait_for_request() {
    if (buffer_.size() > 0) co_return true;  // pipelined
    waiting_ = true;
    stream_->expires_after(site_->settings.idle);
    const auto error = co_await stream_->read_some(buffer_);
    waiting_ = false;
    gone_ = static_cast<bool>(error);
    co_return !gone_;
}

asio::awaitable<bool> Connection::serve_one() {
    const auto began = steady_clock::now();
    served_ = Served();
    served_.client = peer_.shown();
    keep_ = false;
    auto response = co_await respond();
    if (!response) co_return false;
    co_await send(*std::move(response));
    ++site_->requests;
    log_served(site_->log, served_,
               std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - began));
    co_return keep_ && !gone_;
}

// Nothing if the client has gone.
asio::awaitable<std::optional<Response>> Connection::respond() {
    parser_.emplace();
    parser_->header_limit(header_limit);
    parser_->body_limit(boost::none);  // its route's, as soon as that is known
    stream_->expires_after(site_->settings.timeout);
    const auto error = co_await stream_->read_header(buffer_, *parser_);
    if (error) co_return refusal(error);
    auto request = to_request(parser_->get(), peer_, site_->settings.trusted_proxies);
    served_.method = request.method;
    served_.client = request.client.shown();
    if (auto objection = objection_to(parser_->get())) co_return objection;
    keep_ = may_keep();
    auto target = parse_target(std::string_view(parser_->get().target()));
    if (!target) co_return error_response(target.error());
    served_.path = target->path;
    request.target = *std::move(target);
    auto response = co_await find_page(std::move(request));
    co_return response;
}

asio::awaitable<std::optional<Response>> Connection::find_page(Request request) {
    auto found = site_->router.find(request.method, request.target.segments);
    if (std::holds_alternative<Router::NoSuchPath>(found))
        co_return error_response(404, "there is nothing here");
    if (const auto* wrong = std::get_if<Router::NoSuchMethod>(&found)) {
        auto response = error_response(405, "this is asked for by another method");
        response.headers.emplace_back("Allow", wrong->allow);
        co_return response;
    }
    auto& page = std::get<Router::Found>(found);
    served_.quiet = page.route->quiet;
    request.named = std::move(page.named);
    if (page.route->turns_away)
        if (auto turned_away = page.route->turns_away(request)) co_return turned_away;
    auto response = co_await let_in(page.route, std::move(request));
    co_return response;
}

// A large body has its share of the memory from before it is read until it is answered.
asio::awaitable<std::optional<Response>> Connection::let_in(const Route* route, Request request) {
    std::shared_ptr<void> share;
    const auto most = most_to_come(*parser_, route->max_body);
    if (route->memory && most > small_body && most <= route->max_body) {
        share = route->memory->take(most);
        if (!share) co_return no_room();
    }
    const auto error = co_await read_body(route->max_body);
    if (error) co_return refusal(error);
    keep_ = may_keep();
    request.body = std::move(parser_->get().body());
    auto response = co_await handle(route, std::move(request));
    co_return response;
}

// A body that nobody has read would pass for the next request.
bool Connection::may_keep() const {
    return parser_->is_done() && parser_->get().version() == 11 && parser_->get().keep_alive();
}

asio::awaitable<Response> Connection::handle(const Route* route, Request request) {
    try {
        auto response = co_await route->handle(std::move(request));
        co_return response;
    } catch (const std::exception& fault) {
        served_.noted.emplace_back("fault", fault.what());
    }
    co_return error_response(500, "internal error");
}

asio::awaitable<boost::system::error_code> Connection::read_body(std::uint64_t limit) {
    if (parser_->content_length().value_or(0) > limit) co_return http::error::body_limit;
    if (parser_->is_done()) co_return boost::system::error_code();
    parser_->body_limit(limit);
    stream_->expires_after(site_->settings.timeout);
    if (buffer_.size() == 0 && parser_->get()[http::field::expect] == "100-continue") {
        std::vector<asio::const_buffer> bytes(1, asio::buffer(go_on));
        co_await stream_->write(std::move(bytes));
    }
    const auto error = co_await stream_->read_body(buffer_, *parser_);
    co_return error;
}

std::optional<Response> Connection::refusal(const boost::system::error_code& error) {
    auto response = answer_to(error);
    gone_ = !response;
    if (gone_ && error != http::error::end_of_stream)
        site_->log.info(runtime::LogLine("request-cut")
                            .with("client", served_.client)
                            .with("path", served_.path)
                            .with("reason", error.message()));
    return response;
}

asio::awaitable<void> Connection::send(Response response) {
    keep_ = keep_ && !site_->stopping;
    const auto head = head_of(response, http_date(site_->clock()), keep_);
    std::vector<std::string_view> pieces(1, head);
    if (served_.method != "HEAD")
        pieces.insert(pieces.end(), response.body.pieces.begin(), response.body.pieces.end());
    served_.status = response.status;
    served_.whole = co_await write(std::move(pieces));
    gone_ = !served_.whole;
    served_.noted.insert(served_.noted.end(), response.noted.begin(), response.noted.end());
    if (response.sent) co_await tell(std::move(response.sent));
}

asio::awaitable<void> Connection::tell(Response::Sent sent) {
    try {
        const auto done = co_await sent(served_.whole);
        if (!done) served_.noted.emplace_back("fault", done.error().text);
    } catch (const std::exception& fault) {
        served_.noted.emplace_back("fault", fault.what());
    }
}

asio::awaitable<bool> Connection::write(std::vector<std::string_view> pieces) {
    while (!pieces.empty()) {
        auto slice = next_slice(pieces);
        const auto size = asio::buffer_size(slice);
        stream_->expires_after(site_->settings.timeout);
        const auto error = co_await stream_->write(std::move(slice));
        if (error) co_return false;
        served_.bytes += size;
    }
    co_return true;
}

}  // namespace mailrota::web
