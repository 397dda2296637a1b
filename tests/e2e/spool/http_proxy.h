#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <string>
#include <thread>

namespace mailrota::e2e {

/// A network that fails: it stands between puller and mailrota-web, and the test says of each request what
/// becomes of it. One client at a time; everything else passes byte for byte in meaning, not in form.
class HttpProxy {
  public:
    enum class Fate {
        pass,
        lose_request,  ///< the connection breaks before the server has heard of it
        lose_answer,   ///< … after the server has answered
    };
    /// Asked by the proxy's thread for each request's target ("/boxes/web/lease"), before it is passed on.
    using Decide = std::function<Fate(const std::string& target)>;

    HttpProxy(int server_port, Decide decide);
    ~HttpProxy();  ///< The client must have ended.
    HttpProxy(const HttpProxy&) = delete;
    HttpProxy& operator=(const HttpProxy&) = delete;

    std::string url() const;  ///< of the box, through the proxy

  private:
    using Socket = boost::asio::ip::tcp::socket;
    void serve();
    void talk(Socket& client);

    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::ip::tcp::endpoint server_;
    Decide decide_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace mailrota::e2e
