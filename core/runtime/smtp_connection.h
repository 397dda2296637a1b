#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/runtime/connections.h"
#include "core/runtime/deadline.h"
#include "core/runtime/tls_channel.h"
#include "core/wire/smtp_client.h"

namespace mailrota::runtime {

// What a connection needs beside the address.
struct SmtpAccess {
    Account account;
    std::shared_ptr<SSL_CTX> trusted;  // null: no TLS
};

// One connection to an SMTP or LMTP server: a wire::SmtpClient with its socket. Every wait ends at `until`,
// or earlier as the limits say; then the connection is closed. Reads replies while a write is stuck, so that
// a server that answers early and takes no more does not hold it up.
//
// Belongs to one executor; must outlive its coroutines. Destruction closes the socket.
class SmtpConnection {
  public:
    using Clock = std::chrono::steady_clock;

    SmtpConnection(const boost::asio::any_io_executor& executor, config::Endpoint endpoint,
                   std::string hello_name, const ConnectionLimits& limits, SmtpAccess access);
    SmtpConnection(const SmtpConnection&) = delete;

    // Connects, does what TLS and login the endpoint asks for, and says hello; once. Nothing: it is ready.
    // Else what each recipient of a mail is to be told, deferred: also a server that refuses us for good may
    // be mended before the mail expires.
    boost::asio::awaitable<std::optional<wire::SmtpResult>> open(Clock::time_point until);
    // One transaction; only if ready(). The mail must stay until it is over.
    boost::asio::awaitable<std::vector<wire::SmtpResult>> send(const wire::OutgoingMail* mail,
                                                               Clock::time_point until);
    // Says QUIT if it is ready, and if that can be done at once.
    void say_quit();
    // After say_quit(): until the server has closed.
    boost::asio::awaitable<void> wait_for_close(Clock::time_point until);
    // Says QUIT and closes.
    void leave();

    bool ready() const { return client_.state() == wire::SmtpClient::State::ready; }
    // Whether the server has neither closed the idle connection nor said anything in it.
    bool quiet();
    // Whether the last mail met a dead connection: not even MAIL was taken.
    bool was_dead() const;
    bool has_dsn() const { return client_.has_dsn(); }
    int mails() const { return mails_; }
    Clock::time_point made() const { return made_; }

  private:
    using Socket = boost::asio::generic::stream_protocol::socket;

    bool waits_for_server() const;
    std::string next_output();
    void hear(std::string_view bytes);
    boost::asio::awaitable<void> talk(Clock::time_point until);
    boost::asio::awaitable<void> read();
    boost::asio::awaitable<void> write(std::string out);
    void read_available();
    void take(boost::system::error_code failure, std::size_t count);
    void lose(boost::system::error_code failure);
    wire::SmtpResult refused() const;

    config::Endpoint endpoint_;
    ConnectionLimits limits_;
    Socket socket_;
    Deadline deadline_;
    wire::SmtpClient client_;
    std::shared_ptr<SSL_CTX> trusted_;
    std::optional<TlsChannel> tls_;  // from the handshake on
    const Clock::time_point made_ = Clock::now();
    int mails_ = 0;
    std::array<char, 4096> input_;
};

}  // namespace mailrota::runtime
