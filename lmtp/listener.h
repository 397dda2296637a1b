#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/config/config.h"
#include "core/wire/smtp_server.h"
#include "lmtp/front.h"
#include "lmtp/lane.h"
#include "lmtp/tls_context.h"

namespace mailrota::lmtp {

// One listener of the configuration: accepts connections on the first context's thread and hands each to the
// next lane in turn. Its settings are those that the program was started with. What sessions ask is
// thread-safe. Front and lanes outlive it.
class Listener {
  public:
    Listener(Front& front, config::ListenerSettings settings, std::vector<Lane*> lanes);

    // Listens: on `given` (a descriptor from systemd), or if that is negative where the settings say.
    Result<void> open(int given);
    // Accepts nothing more.
    void close();
    // Reads certificate and key again; when they cannot be had the ones in use stay, and the log says so.
    void reload_tls();

    const config::ListenerSettings& settings() const { return settings_; }
    Front& front() { return front_; }
    wire::SmtpServerOptions options() const;
    std::shared_ptr<TlsContext> tls() const;  // null: none

    // Counted while it lives.
    class MailInProgress {
      public:
        explicit MailInProgress(Listener& listener) : listener_(listener) { ++listener_.in_progress_; }
        ~MailInProgress() {
            --listener_.in_progress_;
            ++listener_.mails_;
        }
        MailInProgress(const MailInProgress&) = delete;

      private:
        Listener& listener_;
    };
    void session_over() { --sessions_; }
    std::uint32_t sessions() const { return sessions_; }
    // Lines "listener.NAME.sessions: 3".
    std::string status() const;

  private:
    using Protocol = boost::asio::generic::stream_protocol;
    using Socket = Protocol::socket;

    boost::asio::awaitable<void> accept_all();
    void admit(Lane& lane, Socket socket, const Protocol::endpoint& peer);
    bool may_speak(const std::string& ip) const;

    Front& front_;
    config::ListenerSettings settings_;
    std::vector<Lane*> lanes_;
    boost::asio::basic_socket_acceptor<Protocol> acceptor_;
    mutable std::mutex tls_guard_;
    std::shared_ptr<TlsContext> tls_;
    std::atomic<std::uint32_t> sessions_ = 0;
    std::atomic<std::uint32_t> in_progress_ = 0;
    std::atomic<std::uint64_t> mails_ = 0;
};

}  // namespace mailrota::lmtp
