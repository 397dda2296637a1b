#include "lmtp/session_stream.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace mailrota::lmtp {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);

}  // namespace

SessionStream::SessionStream(Socket socket) : socket_(std::move(socket)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
}

asio::awaitable<SessionStream::Read> SessionStream::read(std::span<char> into) {
    const auto buffer = asio::buffer(into.data(), into.size());
    if (tls_) return tls_->async_read_some(buffer, as_values);
    return socket_.async_read_some(buffer, as_values);
}

// Most replies fit into the kernel's buffer at once: then nothing is waited for.
asio::awaitable<bool> SessionStream::write(std::string_view bytes) {
    error_code failure;
    if (!tls_) {
        bytes.remove_prefix(socket_.write_some(asio::buffer(bytes), failure));
        if (bytes.empty()) co_return true;
        if (failure && failure != asio::error::would_block) co_return false;
        const auto [failed, count] = co_await asio::async_write(socket_, asio::buffer(bytes), as_values);
        co_return !failed;
    }
    const auto [failed, count] = co_await asio::async_write(*tls_, asio::buffer(bytes), as_values);
    co_return !failed;
}

asio::awaitable<bool> SessionStream::handshake(asio::ssl::context& context) {
    tls_.emplace(socket_, context);
    const auto [failed] = co_await tls_->async_handshake(asio::ssl::stream_base::server, as_values);
    co_return !failed;
}

void SessionStream::cancel() {
    error_code ignored;
    socket_.cancel(ignored);
}

}  // namespace mailrota::lmtp
