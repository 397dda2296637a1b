#pragma once

#include <string>
#include <vector>

#include "tests/rig/mailrota_program.h"

namespace mailrota::rig {

/// The program mailrota-milter, run with a configuration of the test's own.
///
/// In the configuration text {socket} becomes the address of the socket ("unix:/run/…/milter.sock"). The
/// socket's folder is safe in Sendmail's sense, and the socket is opened to Postfix's processes when it is
/// there. A program has started when the socket accepts connections and the store was tried. stop() takes up
/// to five seconds: libmilter is slow to notice.
class MailrotaMilter : public MailrotaProgram {
  public:
    enum class Socket { unix_path, inet };

    explicit MailrotaMilter(std::string config, Socket kind = Socket::unix_path,
                            std::vector<std::string> environment = {});

    /// As Connection::to, Sendmail's S= and our configuration read it: unix:/path or inet:port@127.0.0.1.
    const std::string& socket() const { return socket_; }
    /// As Postfix's smtpd_milters wants it: unix:/path or inet:127.0.0.1:port.
    std::string socket_for_postfix() const;

  private:
    void await_start(std::size_t said_before) override;

    std::string socket_;
};

}  // namespace mailrota::rig
