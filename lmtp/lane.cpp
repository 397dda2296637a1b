#include "lmtp/lane.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <exception>

#include "lmtp/session.h"

namespace mailrota::lmtp {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds between_looks{500};

}  // namespace

Lane::Lane(Front& front, asio::io_context& context)
    : context_(context), timer_(context), desk_(front, context.get_executor()) {
    look_in_a_while();
}

void Lane::enter(Session& session) {
    sessions_.insert(&session);
    if (ending_) session.shut_down();
}

void Lane::look_in_a_while() {
    timer_.expires_after(between_looks);
    timer_.async_wait([this](boost::system::error_code) {
        const auto now = std::chrono::steady_clock::now();
        for (auto* session : sessions_) session->look(now);
        look_in_a_while();
    });
}

void Lane::shut_down() {
    asio::post(context_, [this] { end_sessions(); });
}

void Lane::end_sessions() {
    ending_ = true;
    for (auto* session : sessions_) session->shut_down();
}

void Lane::close() {
    asio::co_spawn(context_, desk_.close(), [this](const std::exception_ptr&) { closed_ = true; });
}

}  // namespace mailrota::lmtp
