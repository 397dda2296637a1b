#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>

#include "core/runtime/policy_source.h"
#include "core/wire/smtp_server.h"
#include "lmtp/dialogue_log.h"
#include "lmtp/lane.h"
#include "lmtp/listener.h"
#include "lmtp/patience.h"
#include "lmtp/session_stream.h"

namespace mailrota::lmtp {

// One connection: bytes between the client and the protocol machine, mails to the desk, replies back, each
// round with one read and one write. Lives on its lane's thread; lane and listener outlive it.
//
// The legal path: greet; then rounds of (events, write, read) until the machine or the client closes. It also
// ends when the client has been waited for long enough (421 4.4.2), and when it is shut down and no
// transaction is under way (421 4.3.2).
class Session {
  public:
    Session(Lane& lane, Listener& listener, SessionStream::Socket socket, mail::Client peer);
    ~Session();
    Session(const Session&) = delete;

    boost::asio::awaitable<void> run();

    // To end as soon as no transaction is under way.
    void shut_down();
    // Ends the wait for a client that takes too long.
    void look(Patience::Time now);

  private:
    using Buffer = std::array<char, 16384>;

    boost::asio::awaitable<bool> handle(wire::SmtpServerEvent event);
    boost::asio::awaitable<bool> write_output();
    boost::asio::awaitable<bool> read_input();
    boost::asio::awaitable<void> take(wire::MessageReceived received);
    boost::asio::awaitable<bool> start_tls();
    boost::asio::awaitable<void> log_in(wire::Credentials credentials);
    void answer_recipient();
    void open_log();
    void log_input(std::string_view bytes);
    MailDesk::Sender sender() const;

    Lane& lane_;
    Listener& listener_;
    std::string id_;
    SessionStream stream_;
    wire::SmtpServer machine_;
    std::shared_ptr<TlsContext> tls_;  // outlives the stream's use of it
    std::optional<DialogueLog> log_;
    std::shared_ptr<const runtime::Generation> generation_;  // of the mail under way
    Patience patience_;
    bool waiting_ = false;  // for the client
    bool overdue_ = false;
    bool ending_ = false;
    bool reading_ = false;
    int failed_logins_ = 0;
    std::uint64_t mails_ = 0;
    std::unique_ptr<Buffer> buffer_;  // not while a mail is carried out, which may take minutes
};

}  // namespace mailrota::lmtp
