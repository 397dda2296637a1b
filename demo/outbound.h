#pragma once

#include <string>
#include <vector>

#include "tests/rig/fake_providers.h"
#include "tests/rig/mailrota_program.h"
#include "tests/rig/postfix.h"
#include "tests/rig/temporary_folder.h"

namespace mailrota::demo {

/// The demo's fourth scene: mail that leaves through providers. Postfix hands all mail for other hosts to
/// mailrota-lmtp, which gives it to the first of two providers that works (fakes, which check what the real
/// ones check); what they tell later comes to mailrota-web, and mailrota-worker tells the sender of a bounce.
/// Throws std::runtime_error when a server does not start.
class Outbound {
  public:
    Outbound();

    /// Sends a mail through Postfix and waits until a provider has it.
    rig::FakeMail send(const std::string& recipient, const std::string& subject);
    /// From now on the first provider takes no mail: it has suspended the account.
    void break_first();
    /// The provider of this mail tells that it bounced; returns what the sender gets.
    std::string bounce(const rig::FakeMail& mail);
    /// Runs `mailrota`; shows the command and what it said.
    void run(const std::vector<std::string>& arguments) const;

    /// Every mail as the providers have it, in order.
    std::vector<rig::FakeMail> carried() const { return fakes_.mails(); }

  private:
    std::string configuration() const;

    rig::TemporaryFolder folder_;
    int web_port_;
    rig::FakeProviders fakes_;
    rig::Postfix postfix_;
    rig::MailrotaProgram lmtp_;
    rig::MailrotaProgram web_;
    rig::MailrotaProgram worker_;
};

/// Lines for people.
std::string table(const std::vector<rig::FakeMail>& mails);

}  // namespace mailrota::demo
