#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <unordered_set>

#include "lmtp/mail_desk.h"

namespace mailrota::lmtp {

class Session;

// One thread of the service and the sessions that live on it: they and their mails never leave it. Twice a
// second it looks for clients that have been waited for long enough. Used on its thread, unless said
// otherwise; sessions are gone before it, or never go on.
class Lane {
  public:
    Lane(Front& front, boost::asio::io_context& context);

    boost::asio::io_context& context() { return context_; }
    MailDesk& desk() { return desk_; }

    void enter(Session& session);
    void leave(Session& session) { sessions_.erase(&session); }

    // From any thread: its sessions end as soon as they are between two mails, and so do those to come.
    void shut_down();
    // From any thread: when the sessions are gone, takes leave of the next hops.
    void close();
    bool closed() const { return closed_; }

  private:
    void look_in_a_while();
    void end_sessions();

    boost::asio::io_context& context_;
    boost::asio::steady_timer timer_;
    MailDesk desk_;
    std::unordered_set<Session*> sessions_;
    bool ending_ = false;
    std::atomic<bool> closed_ = false;
};

}  // namespace mailrota::lmtp
