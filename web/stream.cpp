#include "web/stream.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <type_traits>
#include <utility>

namespace mailrota::web {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds longest_leave{2};
constexpr std::size_t read_at_once = 16U << 10U;

using Plain = beast::basic_stream<asio::generic::stream_protocol>;
using Tls = beast::ssl_stream<Plain>;

template <class Layer>
class StreamOn final : public Stream {
  public:
    template <class... Arguments>
    explicit StreamOn(std::shared_ptr<asio::ssl::context> tls, Arguments&&... arguments)
        : tls_(std::move(tls)), layer_(std::forward<Arguments>(arguments)...) {}

    void expires_after(std::chrono::seconds limit) override { socket().expires_after(limit); }

    asio::awaitable<Error> open() override {
        if constexpr (std::is_same_v<Layer, Tls>) {
            const auto [error] = co_await layer_.async_handshake(asio::ssl::stream_base::server, as_values);
            co_return error;
        }
        co_return Error();
    }

    asio::awaitable<Error> read_some(beast::flat_buffer& buffer) override {
        const auto [error, count] = co_await layer_.async_read_some(buffer.prepare(read_at_once), as_values);
        buffer.commit(count);
        co_return error;
    }

    asio::awaitable<Error> read_header(beast::flat_buffer& buffer, HttpParser& parser) override {
        const auto [error, count] =
            co_await beast::http::async_read_header(layer_, buffer, parser, as_values);
        co_return error;
    }

    asio::awaitable<Error> read_body(beast::flat_buffer& buffer, HttpParser& parser) override {
        const auto [error, count] = co_await beast::http::async_read(layer_, buffer, parser, as_values);
        co_return error;
    }

    asio::awaitable<Error> write(std::vector<asio::const_buffer> bytes) override {
        const auto [error, count] = co_await asio::async_write(layer_, bytes, as_values);
        co_return error;
    }

    asio::awaitable<void> leave() override {
        expires_after(longest_leave);
        Error error;
        if constexpr (std::is_same_v<Layer, Tls>) {
            std::tie(error) = co_await layer_.async_shutdown(as_values);
        } else {
            socket().socket().shutdown(asio::socket_base::shutdown_send, error);
            std::array<char, 4096> dropped;
            while (!error)
                std::tie(error, std::ignore) =
                    co_await layer_.async_read_some(asio::buffer(dropped), as_values);
        }
    }

    void close() override { socket().close(); }
    asio::any_io_executor executor() override { return layer_.get_executor(); }

  private:
    Plain& socket() { return beast::get_lowest_layer(layer_); }

    std::shared_ptr<asio::ssl::context> tls_;
    Layer layer_;
};

}  // namespace

std::unique_ptr<Stream> make_stream(Socket socket, std::shared_ptr<asio::ssl::context> tls) {
    if (!tls) return std::make_unique<StreamOn<Plain>>(nullptr, std::move(socket));
    auto& context = *tls;
    return std::make_unique<StreamOn<Tls>>(std::move(tls), std::move(socket), context);
}

}  // namespace mailrota::web
