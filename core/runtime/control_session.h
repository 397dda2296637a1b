#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

namespace mailrota::runtime {

// One caller of the control socket: reads a line, writes the answer, closes. Lives as long as something of it
// is under way on its executor, which one thread runs. 5 s for all of it.
class ControlSession : public std::enable_shared_from_this<ControlSession> {
  public:
    using Socket = boost::asio::local::stream_protocol::socket;
    // The whole answer to a command line without its end.
    using Answer = std::function<std::string(const std::string& line)>;

    // `closed` is called when the caller is gone, whatever came of it.
    ControlSession(Socket socket, Answer answer, std::function<void()> closed);
    ~ControlSession();

    void start();

  private:
    void answer(std::size_t line_length);
    void close();

    Socket socket_;
    boost::asio::steady_timer deadline_;
    Answer answer_;
    std::function<void()> closed_;
    std::string buffer_;
};

}  // namespace mailrota::runtime
