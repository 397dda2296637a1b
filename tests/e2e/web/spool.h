#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/http_client.h"
#include "tests/rig/mailrota_program.h"
#include "tests/rig/smtp_client.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::rig {

/// What the hand-out says of a mail under a lease.
struct Handed {
    std::string id;
    std::string sender;
    std::vector<std::string> recipients;
    std::size_t size = 0;
};
struct Batch {
    std::string token;
    std::vector<Handed> mails;
    std::size_t left = 0;
};

/// mailrota-lmtp, which puts all mail into the box "web", and mailrota-web, which hands it out, on one
/// database. The box has the token "secret" and the user ann with the password "pass:word".
class Spool {
  public:
    /// `box` are more lines of [box.web], `web` of [web].
    explicit Spool(const std::string& box = "", const std::string& web = "");

    MailrotaProgram& lmtp() { return *lmtp_; }
    MailrotaProgram& web() { return *web_; }
    std::filesystem::path folder() const { return folder_.path(); }

    std::string lmtp_path() const { return lmtp_->run_folder() / "lmtp.sock"; }
    std::string unix_address() const { return "unix:" + (web_->run_folder() / "web.sock").string(); }
    std::string inet_address() const { return "inet:127.0.0.1:" + std::to_string(port_); }
    int port() const { return port_; }

    /// Puts one mail for these recipients into the box; throws std::runtime_error if it is not taken.
    void put(std::string_view data, const std::vector<std::string>& recipients = {"<bob@example.com>"},
             const std::string& sender = "ann@example.com");

    /// A client at the unix socket with the right token.
    HttpClient puller() const { return HttpClient(unix_address(), {{"Authorization", "Bearer secret"}}); }
    /// The same at the inet socket, without a token unless it is given.
    HttpClient stranger(const std::string& authorization = "") const;

    /// Rows of a query on the database, columns separated by '|'.
    std::string sql(const std::string& query) const;

  private:
    TemporaryFolder folder_;
    int port_;
    std::optional<MailrotaProgram> lmtp_;
    std::optional<MailrotaProgram> web_;
};

/// POST lease. Throws std::runtime_error if the answer is not 200.
Batch lease(HttpClient& puller, const std::string& wish = "");
HttpAnswer fetch(HttpClient& puller, const Batch& batch, const Handed& mail);
/// Says of every recipient of these mails that it was `outcome`.
HttpAnswer acknowledge(HttpClient& puller, const Batch& batch, const std::vector<Handed>& mails,
                       std::string_view outcome = "delivered", std::string_view reply = "250 2.0.0 ok");

/// The peak of a process's resident memory, in KB.
std::size_t peak_memory(pid_t pid);

}  // namespace mailrota::rig
