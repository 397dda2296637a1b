#pragma once

#include <gmock/gmock.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/connection.h"
#include "tests/rig/mailrota_program.h"
#include "tests/rig/message_text.h"
#include "tests/rig/smtp_client.h"
#include "tests/rig/smtp_sink.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {

/// Rules that need no next hop: by the recipient's name a mail is dropped, refused or deferred.
inline constexpr std::string_view by_name = R"(
[[rule]]
when.rcpt = "drop*@example.com"
then = [{ discard = true }]
[[rule]]
when.rcpt = "refuse*@example.com"
when.subject = "*"
then = [{ reject = "not wanted" }]
[[rule]]
when.rcpt = "defer*@example.com"
when.subject = "*"
then = [{ defer = "later" }]
)";

/// A whole configuration: one LMTP listener with these further settings, and what follows it.
inline std::string lmtp_configuration(std::string_view listener = "", std::string_view policy = by_name) {
    return "hostname = \"mx.example.com\"\n[control]\nsocket = \"{run}/milter.ctl\"\n[store]\nurl = "
           "\"sqlite:{folder}/state.db\"\n[listener.inbound]\nprotocol = \"lmtp\"\nsocket = "
           "\"unix:{run}/lmtp.sock\"\n" +
           std::string(listener) + "\n" + std::string(policy);
}

/// The program with such a configuration.
class Lmtp : public MailrotaProgram {
  public:
    explicit Lmtp(std::string_view config, std::vector<std::string> environment = {})
        : MailrotaProgram("mailrota-lmtp", config, std::move(environment)) {}

    Connection connect() const { return Connection::to_path(run_folder() / "lmtp.sock"); }
    /// A client that has said LHLO.
    SmtpClient client() const {
        SmtpClient client(connect(), SmtpClient::Protocol::lmtp);
        client.hello();
        return client;
    }
    /// The codes that one mail's recipients are answered with, after DATA; in a session of its own.
    std::vector<int> send(const std::vector<std::string>& recipients, std::string_view mail) const;
    /// Whether a new client's mail is taken: others are not held up.
    bool serves() const;
};

inline std::vector<int> codes(const std::vector<SmtpReply>& replies) {
    std::vector<int> codes;
    for (const auto& reply : replies) codes.push_back(reply.code);
    return codes;
}

/// A mail that is like no other.
inline std::string fresh_mail(std::string_view subject = "hello") {
    static int count = 0;
    return "Message-ID: <" + std::to_string(::getpid()) + "." + std::to_string(++count) +
           "@client.example.com>\nFrom: ann@example.com\nSubject: " + std::string(subject) + "\n\nhi\n";
}

inline std::vector<int> Lmtp::send(const std::vector<std::string>& recipients, std::string_view mail) const {
    auto sender = client();
    return codes(sender.send_mail("ann@example.com", recipients, mail).results);
}

inline bool Lmtp::serves() const { return send({"drop@example.com"}, fresh_mail()) == std::vector<int>{250}; }

/// "next_hop = …" of a sink.
inline std::string next_hop(const SmtpSink& sink) { return "next_hop = \"" + sink.endpoint() + "\"\n"; }

}  // namespace mailrota::rig
