#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>

namespace mailrota::lmtp {

// A client's connection, of whatever kind, plain at first and by TLS later. One executor, one operation at a
// time. It knows no time: cancel() ends the operation under way, which then fails with operation_aborted.
class SessionStream {
  public:
    using Socket = boost::asio::generic::stream_protocol::socket;
    using Read = std::tuple<boost::system::error_code, std::size_t>;

    explicit SessionStream(Socket socket);

    // At least one byte, unless there is an error (end of file is one).
    boost::asio::awaitable<Read> read(std::span<char> into);
    // All of the bytes; false if the connection is lost. The bytes must stay until then.
    boost::asio::awaitable<bool> write(std::string_view bytes);
    // From plain to TLS, as the server. The context must outlive the stream.
    boost::asio::awaitable<bool> handshake(boost::asio::ssl::context& context);

    void cancel();

  private:
    Socket socket_;
    std::optional<boost::asio::ssl::stream<Socket&>> tls_;
};

}  // namespace mailrota::lmtp
