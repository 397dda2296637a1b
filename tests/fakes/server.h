#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "tests/fakes/control.h"
#include "tests/fakes/world.h"

namespace mailrota::fakes {

/// Speaks HTTP/1.1 on loopback ports. It is also a proxy: CONNECT to any host leads to TLS with our own
/// certificate, so that a client can be given the providers' real URLs. One thread.
class Server {
  public:
    Server(boost::asio::io_context& service, World& world);

    /// Throws boost::system::system_error if the port is taken.
    void listen(int port, bool tls);

  private:
    using Socket = boost::asio::ip::tcp::socket;

    boost::asio::awaitable<void> accept(boost::asio::ip::tcp::acceptor acceptor, bool tls);
    boost::asio::awaitable<void> serve_plain(Socket socket);
    boost::asio::awaitable<void> serve_tls(Socket socket);
    /// Requests one after another until one ends it. True: it was CONNECT, and the tunnel is open.
    template <class Stream>
    boost::asio::awaitable<bool> serve(Stream& stream, Socket& socket);
    template <class Stream>
    boost::asio::awaitable<bool> send(Stream& stream, Socket& socket, Reply reply, bool with_body);
    boost::asio::awaitable<Reply> answer(Api* api, Request request);

    boost::asio::io_context& service_;
    World& world_;
    Control control_;
    boost::asio::ssl::context tls_;
};

}  // namespace mailrota::fakes
