#pragma once

#include <string>
#include <vector>

#include "tests/rig/mailrota_program.h"
#include "tests/rig/message_text.h"
#include "tests/rig/postfix.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::demo {

/// The demo's third scene: mail that another host sends. On the one host an application hands mail to
/// mailrota-lmtp by SMTP, as nullmailer does; it waits in a box, which mailrota-web hands out. The other host
/// pulls it and gives it to its own Postfix. Throws std::runtime_error when a server does not start.
class Remote {
  public:
    Remote();

    /// The application sends its mail; it is in the box when this returns.
    void send();
    /// The other host runs `mailrota pull`, and the mail is in the recipient's mailbox there.
    void pull();
    /// Runs `mailrota` on the host of the application; shows the command and what it said.
    void run(const std::vector<std::string>& arguments) const;

    const rig::MessageText& sent() const { return mail_; }
    /// The whole mail as the recipient has it.
    const std::string& arrived() const { return arrived_; }

    /// The words by which the mail's origin could be told: names and addresses of the host and its programs.
    static const std::vector<std::string>& origin();
    /// Whether `text` has none of them, and one Received, which the other host has written.
    static bool hides_origin(const std::string& text);

  private:
    rig::TemporaryFolder folder_;
    int smtp_port_;
    int web_port_;
    rig::Postfix other_host_;
    rig::MailrotaProgram lmtp_;
    rig::MailrotaProgram web_;
    rig::MessageText mail_;
    std::string arrived_;
};

/// What stands before the first empty line.
std::string header_of(const std::string& text);

}  // namespace mailrota::demo
