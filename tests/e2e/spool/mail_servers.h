#pragma once

#include <string>
#include <vector>

#include "tests/rig/postfix.h"
#include "tests/rig/smtp_sink.h"

namespace mailrota::e2e {

/// The MTA of the pulling host, one for all tests of the program, started when first asked for. It delivers
/// example.com and answers 550 5.1.1 to no-such@example.com. Tests use local parts of their own.
rig::Postfix& remote_postfix();
/// The MTA of the sending host, which takes notifications for senders at example.com. The same of it.
rig::Postfix& home_postfix();

/// A sink on a port, with these switches.
rig::SmtpSinkOptions on_a_port(std::vector<std::string> switches = {});

/// All content that a sink has received.
std::vector<std::string> contents(const rig::SmtpSink& sink);
/// The recipients of all its mails, sorted, without brackets and parameters.
std::vector<std::string> recipients(const rig::SmtpSink& sink);

/// A mail like no other, with this subject.
std::string mail(const std::string& subject = "A question");

}  // namespace mailrota::e2e
