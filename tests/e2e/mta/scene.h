#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/dovecot.h"
#include "tests/rig/mailrota_program.h"
#include "tests/rig/message_text.h"
#include "tests/rig/postfix.h"
#include "tests/rig/smtp_client.h"

namespace mailrota::e2e {

struct SceneOptions {
    std::string policy = {};             ///< rotas and rules
    std::string listener = {};           ///< more lines of [listener.mailbox]
    std::string next_hop = {};           ///< as the configuration has it; empty: the scene's Dovecot
    std::string store = {};              ///< a database's URL; empty: SQLite in the scene's folder
    bool by_inet = false;                ///< Postfix comes by TCP, not by a unix socket
    std::filesystem::path socket = {};   ///< the unix socket; empty: in the scene's folder
    std::string transport_to = {};       ///< virtual_transport, if it is not straight to mailrota-lmtp
    bool with_worker = false;            ///< mailrota-worker runs as well
    std::vector<std::string> main = {};  ///< more lines of main.cf
    std::vector<std::string> milter_on_first_listener = {};  ///< settings (-o) of the outer smtpd
};

/// A Postfix whose mail for example.com all goes to mailrota-lmtp by LMTP (virtual_transport), a Dovecot
/// behind that has the mailboxes, and a second port of the same Postfix for mail whose recipient changed. So
/// bounces lie in Dovecot's mailboxes too; the sender of the tests has one.
class Scene {
  public:
    /// Starts all of them; throws std::runtime_error when one does not come up.
    explicit Scene(SceneOptions options);

    rig::Postfix& postfix() { return *postfix_; }
    rig::Dovecot& dovecot() { return *dovecot_; }
    rig::MailrotaProgram& lmtp() { return *lmtp_; }

    /// Sends by SMTP to Postfix in a session of its own; the mail must be taken.
    void send(const rig::MessageText& mail, const std::vector<std::string>& recipients,
              std::string_view sender = "sender@example.com") const;

    /// Waits until Postfix has worked off its queue. Then: the users of Dovecot in whose mailboxes the mail
    /// is, sorted, each as often as it holds the mail. The mail is known by its Message-ID.
    std::vector<std::string> arrivals(const rig::MessageText& mail) const;
    /// The mail as it lies in that user's mailbox; empty if it is not there.
    std::string delivered(const rig::MessageText& mail, std::string_view user) const;

    /// Waits until all that is queued has been tried and waits for its next turn; the queue as
    /// `postqueue -j` prints it then, with the reasons.
    std::string deferred() const;
    /// Lets Postfix try again and again until its queue is empty.
    bool flushed() const;

    /// Waits for the bounces and reports that the sender got; all of them as one text.
    std::string reports(std::string_view sender, std::size_t count = 1) const;

    /// What all of them have said, for the message of a failed test.
    std::string logs() const;
    /// The configuration of mailrota-lmtp and its companions.
    const std::string& configuration() const { return configuration_; }
    /// Where mailrota-lmtp listens, unless it is by_inet.
    const std::filesystem::path& socket() const { return socket_; }

    /// The users of Dovecot.
    static const std::vector<std::string>& users();

  private:
    std::string make_configuration(const SceneOptions& options) const;
    rig::PostfixOptions postfix_options(const SceneOptions& options) const;

    rig::TemporaryFolder folder_{rig::TemporaryFolder::Place::run};
    int lmtp_port_;
    std::filesystem::path socket_;
    std::string configuration_;
    std::optional<rig::Dovecot> dovecot_;
    std::optional<rig::Postfix> postfix_;
    std::optional<rig::MailrotaProgram> lmtp_;
    std::optional<rig::MailrotaProgram> worker_;
};

}  // namespace mailrota::e2e
