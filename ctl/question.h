#pragma once

#include "core/config/config.h"
#include "core/mail/mail.h"
#include "core/mail/result.h"
#include "ctl/commands.h"

namespace mailrota::ctl {

// The mail that `mailrota explain` asks about: a message with the envelope from the command line, and from
// the message's own headers where the command line is silent. An error (`invalid`) is one of usage.
Result<mail::Mail> mail_in_question(const ExplainQuestion& question, std::string message,
                                    const config::Loaded& loaded, std::chrono::sys_seconds arrived);

}  // namespace mailrota::ctl
