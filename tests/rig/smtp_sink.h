#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/process.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::rig {

/// How a SmtpSink is started.
struct SmtpSinkOptions {
    enum class Socket { inet, unix_path };

    bool lmtp = false;
    Socket socket = Socket::unix_path;
    /// Faults and features as smtp-sink(1) has them: {"-f", "RCPT"}, {"-q", "."}, {"-N"}. -f and -r withdraw
    /// PIPELINING too.
    std::vector<std::string> switches = {};
    bool keep_mails = true;  ///< for mails(); without it the sink is as fast as it can be
};

/// A mail that the sink has received.
struct SinkMail {
    std::string protocol;                 ///< "SMTP", "ESMTP" or "LMTP"
    std::string sender;                   ///< argument of MAIL: "<ann@example.com> SIZE=100"
    std::vector<std::string> recipients;  ///< arguments of RCPT, in order
    std::string content;                  ///< header and body, dots unstuffed, LF line ends
};

/// Debian's smtp-sink (package postfix): an SMTP or LMTP server that takes any mail, or fails as it is told,
/// on a socket of its own.
///
/// The constructor returns when it accepts connections, and throws std::runtime_error if it does not within
/// ten seconds. The destructor ends it. Not thread-safe.
class SmtpSink {
  public:
    explicit SmtpSink(SmtpSinkOptions options = {});

    /// As our configuration has it: "smtp:127.0.0.1:25001", "lmtp:unix:/tmp/…/sink".
    std::string endpoint() const;
    /// As Connection::to and smtp-source have it: "unix:/tmp/…/sink" or "inet:127.0.0.1:25001".
    const std::string& socket() const { return socket_; }
    int port() const { return port_; }  ///< 0 for a unix socket
    std::filesystem::path path() const { return folder_ / "sink"; }

    /// All mails received whole, in no order. Those that were broken off are not among them.
    std::vector<SinkMail> mails() const;

    void stop();
    void start();  ///< after stop(), on the same socket
    pid_t pid() const { return process_ ? process_->pid() : 0; }

  private:
    std::vector<std::string> command() const;

    SmtpSinkOptions options_;
    TemporaryFolder folder_;
    int port_ = 0;
    std::string socket_;
    std::optional<Process> process_;
};

/// What smtp-sink wrote of one mail. Public for its test.
SinkMail parse_sink_dump(std::string_view dump);

}  // namespace mailrota::rig
