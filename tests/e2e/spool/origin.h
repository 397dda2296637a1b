#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/mailrota_program.h"
#include "tests/rig/smtp_client.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::e2e {

/// Every mail goes into the box.
inline constexpr std::string_view all_into_the_box =
    "[[rule]]\nname = \"out\"\nthen = [{ spool = \"web\" }]\n";

/// How the sending host is set up. What is left out gives a box for all mail and no MTA for notifications.
struct OriginOptions {
    std::string rules = std::string(all_into_the_box);
    std::string box = {};        ///< more lines of [box.web]
    std::string relay = {};      ///< more lines of [listener.relay]: next_hop, reinject
    int submit = 1;              ///< port of the MTA that takes notifications
    bool own_tls = false;        ///< mailrota-web has a certificate of its own for its inet socket
    bool no_quarantine = false;  ///< AddressSanitizer keeps no freed memory: for tests that measure ours
};

/// The host that mail comes from: mailrota-lmtp with a listener for SMTP and one for LMTP, mailrota-web with
/// the box "web", and mailrota-worker, on one database. The box takes the token "secret" and the user ann
/// with the password "pass:word". Programs start when they are first asked for; mailrota-lmtp at once.
class Origin {
  public:
    explicit Origin(OriginOptions options = {});

    rig::MailrotaProgram& lmtp() { return *lmtp_; }
    rig::MailrotaProgram& web();
    rig::MailrotaProgram& worker();

    int smtp_port() const { return smtp_port_; }
    std::string lmtp_path() const { return lmtp_->run_folder() / "lmtp.sock"; }
    int web_port();          ///< of mailrota-web, which is started
    std::string url();       ///< of the box at the inet socket
    std::string web_path();  ///< its unix socket
    std::string certificate() const { return folder_ / "cert.pem"; }

    /// One mail by SMTP in a session of its own. Addresses as SmtpClient::send_mail takes them.
    rig::SmtpTransaction send(const std::string& text,
                              const std::vector<std::string>& recipients = {"bob@example.com"},
                              const std::string& sender = "ann@example.com") const;
    /// The same; throws std::runtime_error if it is not taken.
    void put(const std::string& text, const std::vector<std::string>& recipients = {"bob@example.com"},
             const std::string& sender = "ann@example.com") const;

    /// How many mails are in the box, leased ones too; how many jobs wait.
    std::size_t in_box() const;
    std::size_t jobs() const;
    std::size_t jobs_put_off() const;  ///< tried before; nobody works at them
    /// As if time had passed: leases and rests are over, or all mail in the box has expired.
    void end_leases() const { sql("UPDATE box_item SET leased_until = 0"); }
    void expire_box() const { sql("UPDATE box_item SET expires = 1"); }

  private:
    std::string configuration(const OriginOptions& options) const;
    void start(std::optional<rig::MailrotaProgram>& program, const std::string& name) const;
    std::string sql(const std::string& query) const;

    rig::TemporaryFolder folder_;
    int smtp_port_;
    int web_port_;
    OriginOptions options_;
    std::string text_;
    std::optional<rig::MailrotaProgram> lmtp_;
    std::optional<rig::MailrotaProgram> web_;
    std::optional<rig::MailrotaProgram> worker_;
};

/// The peak of a process's resident memory, in bytes.
std::size_t peak_memory(pid_t pid);

}  // namespace mailrota::e2e
