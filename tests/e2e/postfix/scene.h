#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/mailrota_milter.h"
#include "tests/rig/message_text.h"
#include "tests/rig/postfix.h"
#include "tests/rig/smtp_client.h"

struct sqlite3;

namespace mailrota::e2e {

/// A private Postfix with mailrota-milter beside it, for smtpd and for sendmail(1). Several tests share one:
/// each has rotas and addresses of its own, and asks only for the mails that it sent.
class Scene {
  public:
    /// `policy`: the rotas and rules; store, listener and control socket are added. The options' milters are
    /// set here. Starts both servers; throws std::runtime_error when one does not come up.
    explicit Scene(std::string_view policy, rig::PostfixOptions options = {});

    rig::MailrotaMilter& milter() { return milter_; }
    rig::Postfix& postfix() { return postfix_; }

    /// The configuration with another policy, for MailrotaMilter::write_config.
    static std::string configuration(std::string_view policy);

    /// Sends by SMTP in a session of its own.
    rig::SmtpTransaction send(const rig::MessageText& mail, const std::vector<std::string>& recipients,
                              std::string_view sender = "sender@example.com", std::size_t listener = 0);

    /// Waits until Postfix has worked off its queue. Then: the local parts in whose mailboxes the mail is, in
    /// small letters, sorted, each as often as it holds the mail. The mail is known by its Message-ID, and by
    /// its subject if it has none.
    std::vector<std::string> arrivals(const rig::MessageText& mail) const;
    /// send() and arrivals() in one; the reply instead of the arrivals if the mail was not taken.
    std::vector<std::string> arrivals_after_sending(const rig::MessageText& mail,
                                                    const std::vector<std::string>& recipients,
                                                    std::string_view sender = "sender@example.com");
    /// The mail as it lies in that mailbox; empty if it is not there.
    std::string delivered(const rig::MessageText& mail, std::string_view local_part) const;
    /// How many mails the milter works on at this moment.
    bool settling(int mails) const;
    /// What both servers have said, for the message of a failed test.
    std::string logs() const;

  private:
    rig::MailrotaMilter milter_;
    rig::Postfix postfix_;
};

/// Holds the lock for writing on the milter's database as long as it lives: every end of message that draws a
/// turn waits.
class DatabaseLock {
  public:
    explicit DatabaseLock(const rig::MailrotaMilter& milter);
    ~DatabaseLock();
    DatabaseLock(const DatabaseLock&) = delete;

  private:
    sqlite3* database_ = nullptr;
};

}  // namespace mailrota::e2e
