#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/rig/smtp_client.h"

namespace mailrota::rig {

/// A mail as an MTA's queue holds it: to whom it has still to go.
struct QueuedMail {
    int number = 0;
    std::vector<std::string> open;
};
/// "Mail 17."
std::string subject_of(int mail);

/// One session of an MTA with mailrota-lmtp, as long as it lasts; then another. One thread.
class MailSession {
  public:
    explicit MailSession(std::filesystem::path socket) : socket_(std::move(socket)) {}

    /// One offer: a reply for each recipient that is still open; its code is 0 if the session broke before.
    std::vector<SmtpReply> offer(const QueuedMail& mail);

  private:
    void converse(const QueuedMail& mail, std::vector<SmtpReply>& replies);

    std::filesystem::path socket_;
    std::optional<SmtpClient> client_;
};

/// An MTA's queue: the same bytes go out again and again to those recipients who have neither a 2yz nor a
/// 5yz. Each recipient gets one mail only. Thread-safe.
class MailQueue {
  public:
    /// So many mails wait at most before new ones are made.
    static constexpr std::size_t most_waiting = 80;

    explicit MailQueue(std::filesystem::path socket) : socket_(std::move(socket)) {}
    ~MailQueue();
    MailQueue(const MailQueue&) = delete;

    /// Works at the queue in so many sessions; with `load` new mails for one to three recipients come in.
    void start(int sessions, bool load);
    void end_load();
    /// Until nothing waits any more; false after `limit`.
    bool drained(std::chrono::seconds limit) const;
    std::size_t waiting() const;

    /// A new mail to these, which is offered once, here and now; what stays open waits in the queue. False if
    /// the session broke.
    bool offer_new(MailSession& session, const std::string& domain);

    struct Taken {
        std::string recipient;
        int mail = 0;
        std::string reply;
    };
    /// In order of their replies, those before `from` left out.
    std::vector<Taken> taken(std::size_t from = 0) const;
    std::vector<std::string> refused() const;  ///< "ann@example.net: 550 …"
    std::set<std::string> recipients() const;
    int mails() const;

  private:
    using Moment = std::chrono::steady_clock::time_point;

    void work();
    QueuedMail make_mail(std::size_t recipients, const std::string& domain);
    std::optional<QueuedMail> next();
    bool offer(MailSession& session, QueuedMail mail);

    std::filesystem::path socket_;
    mutable std::mutex mutex_;
    std::multimap<Moment, QueuedMail> waiting_;
    std::size_t in_hand_ = 0;
    bool loading_ = false;
    bool ending_ = false;
    int mails_ = 0;
    std::set<std::string> recipients_;
    std::vector<Taken> taken_;
    std::vector<std::string> refused_;
    std::vector<std::thread> threads_;
};

}  // namespace mailrota::rig
