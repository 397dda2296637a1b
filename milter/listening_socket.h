#pragma once

#include <string>

#include "core/config/config.h"
#include "core/mail/result.h"

namespace mailrota::milter {

// What libmilter leaves to its callers about a listening socket. `settings.socket` is in libmilter's form.

// runtime::prepare_socket.
Result<void> prepare_socket(const config::ListenerSettings& settings);

// To be called when the socket is bound. Unix: runtime::adjust_socket. Inet: sets TCP_NODELAY, which accepted
// connections inherit; without it every mail with edits waits 40 ms for a delayed acknowledgement.
Result<void> adjust_socket(const config::ListenerSettings& settings);

// The socket as main.cf names it (smtpd_milters) and as sendmail.mc does (S= of INPUT_MAIL_FILTER).
std::string for_postfix(const std::string& socket);
std::string for_sendmail(const std::string& socket);

}  // namespace mailrota::milter
