#pragma once

#include <string>
#include <vector>

#include "tests/rig/mailrota_program.h"
#include "tests/rig/message_text.h"
#include "tests/rig/postfix.h"
#include "tests/rig/smtp_sink.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::demo {

/// The demo's second scene: mailrota behind Postfix's queue. Postfix hands all mail for mailboxes to
/// mailrota-lmtp; a mailbox server (Postfix's own smtp-sink, for LMTP) is its next hop, a second port of
/// Postfix takes back what has a new recipient. Throws std::runtime_error when a server does not start.
class Mailboxes {
  public:
    Mailboxes();

    /// Sends a mail to `recipient` and waits until it is with the mailbox server.
    void send(const std::string& recipient, const std::string& subject);

    /// A mail as the mailbox server has it.
    struct Arrived {
        std::string subject;
        std::string sent_to;
        std::vector<std::string> recipients;
        bool came_back = false;  ///< through Postfix a second time, with our trace
    };
    std::vector<Arrived> arrived() const;
    /// Whether the mailbox server got each mail once: what was sent to a person straight, what was sent to
    /// the rota by way of Postfix's second port, for one of its members.
    static bool as_promised(const std::vector<Arrived>& mails);

  private:
    rig::TemporaryFolder sockets_{rig::TemporaryFolder::Place::run};
    rig::SmtpSink mailbox_server_;
    rig::Postfix postfix_;
    rig::MailrotaProgram lmtp_;
    std::vector<rig::MessageText> sent_;
};

/// Lines for people.
std::string table(const std::vector<Mailboxes::Arrived>& mails);

}  // namespace mailrota::demo
