#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/connection.h"

namespace mailrota::rig {

/// One reply of an SMTP or LMTP server.
struct SmtpReply {
    int code = 0;      ///< 0: the server closed the connection instead
    std::string text;  ///< all lines without their codes, joined by LF

    bool positive() const { return code >= 200 && code < 400; }
};

/// What became of one mail.
struct SmtpTransaction {
    SmtpReply mail;                ///< to MAIL
    std::vector<SmtpReply> rcpts;  ///< to each RCPT, in order
    SmtpReply data;                ///< to DATA; code 0 when no recipient was accepted and DATA was not sent
    std::vector<SmtpReply>
        results;  ///< after the final dot: one (SMTP), or one for each accepted recipient (LMTP)

    /// All the results are there and are 2xx.
    bool accepted() const;
};

/// A blocking SMTP or LMTP client that says exactly what it is told, for tests. It waits for each reply (no
/// pipelining unless send_raw is used). Silence throws std::runtime_error (see Connection).
class SmtpClient {
  public:
    enum class Protocol { smtp, lmtp };

    /// Reads the greeting, says no hello.
    explicit SmtpClient(Connection connection, Protocol protocol = Protocol::smtp);

    /// Connects to 127.0.0.1 and says EHLO.
    static SmtpClient to_port(int port);

    const SmtpReply& greeting() const { return greeting_; }

    /// EHLO or LHLO.
    SmtpReply hello(std::string_view name = "client.example.com");

    /// Sends the line with CRLF and reads the reply.
    SmtpReply command(std::string_view line);

    /// Bytes as they are; no reply is read.
    void send_raw(std::string_view bytes) { connection_.write(bytes); }
    SmtpReply read_reply();

    /// One whole transaction. `from` and `rcpts` are raw arguments when they begin with '<'
    /// ("<ann@example.com> NOTIFY=NEVER"), else addresses. `data` may have LF or CRLF line ends; dots are
    /// stuffed. After a refused MAIL or no accepted RCPT it sends RSET.
    SmtpTransaction send_mail(std::string_view from, const std::vector<std::string>& rcpts,
                              std::string_view data);

    SmtpReply quit() { return command("QUIT"); }
    Connection& connection() { return connection_; }

  private:
    Connection connection_;
    Protocol protocol_;
    SmtpReply greeting_;
};

/// `data` as it goes over the wire: CRLF line ends, leading dots doubled, the final dot added.
std::string dot_stuffed(std::string_view data);

}  // namespace mailrota::rig
