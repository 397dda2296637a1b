#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <memory>
#include <vector>

namespace mailrota::web {

using Socket = boost::asio::generic::stream_protocol::socket;
using HttpParser = boost::beast::http::request_parser<boost::beast::http::string_body>;

// What a connection reads requests from and writes answers to: a socket, or TLS on one. Every await ends by
// the deadline set last; then, and after any error, the socket is closed. What is given by reference stays
// until the await is over. Belongs to one executor.
class Stream {
  public:
    using Error = boost::system::error_code;

    virtual ~Stream() = default;

    // The deadline of all that is begun from now on.
    virtual void expires_after(std::chrono::seconds limit) = 0;
    // The handshake of TLS; nothing to do on a plain socket.
    virtual boost::asio::awaitable<Error> open() = 0;
    // At least one byte.
    virtual boost::asio::awaitable<Error> read_some(boost::beast::flat_buffer& buffer) = 0;
    virtual boost::asio::awaitable<Error> read_header(boost::beast::flat_buffer& buffer,
                                                      HttpParser& parser) = 0;
    virtual boost::asio::awaitable<Error> read_body(boost::beast::flat_buffer& buffer,
                                                    HttpParser& parser) = 0;
    virtual boost::asio::awaitable<Error> write(std::vector<boost::asio::const_buffer> bytes) = 0;
    // Says that nothing more comes and drops what does, so that the last answer is not lost in a reset.
    virtual boost::asio::awaitable<void> leave() = 0;
    virtual void close() = 0;
    virtual boost::asio::any_io_executor executor() = 0;
};

// `tls` null: plain. The stream keeps it.
std::unique_ptr<Stream> make_stream(Socket socket, std::shared_ptr<boost::asio::ssl::context> tls);

}  // namespace mailrota::web
