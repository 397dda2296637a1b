#pragma once

#include <string>
#include <vector>

#include "tests/rig/fake_twilio.h"
#include "tests/rig/mailrota_milter.h"
#include "tests/rig/mailrota_program.h"
#include "tests/rig/message_text.h"
#include "tests/rig/postfix.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::demo {

/// The demo's fifth scene: a mail rings somebody. A ticket becomes an emergency, and three answers repeat all
/// that was said before. Postfix has mailrota-milter beside it, mailrota-worker calls by a fake Twilio, which
/// checks what the real one checks, and mailrota-web is called back. Time runs fast: seconds stand
/// for minutes. Throws std::runtime_error when a server does not start.
class OnCall {
  public:
    OnCall();

    /// The mails in the order in which they were written.
    std::vector<rig::MessageText> thread() const;
    /// Sends a mail through Postfix and waits until it is in its mailbox.
    void send(const rig::MessageText& mail);
    /// Waits until so many calls are over, and shows those that ended since the last time.
    void hear(std::size_t calls);

    /// Shows what would follow if nobody reacted.
    void show_plan();
    /// Waits until the time of the next call has passed; shows what of the plan was never done.
    void show_what_was_stopped();
    /// Runs `mailrota`; shows the command and what it said.
    void run(const std::vector<std::string>& arguments) const;

    /// Whether all mails are in the mailbox, one person was rung in vain, and the other was told once, by the
    /// name of who raised the ticket, and took it on by a key.
    bool as_promised() const;

  private:
    std::string configuration() const;

    rig::TemporaryFolder folder_;
    int web_port_;
    rig::FakeProviders fakes_;
    rig::FakeTwilio twilio_{fakes_};
    rig::MailrotaMilter milter_;
    rig::MailrotaProgram web_;
    rig::MailrotaProgram worker_;
    rig::Postfix postfix_;
    std::size_t sent_ = 0;
    std::size_t heard_ = 0;
};

}  // namespace mailrota::demo
