#pragma once

#include <string>

#include "core/config/config.h"
#include "core/mail/result.h"

namespace mailrota::milter {

// What libmilter leaves to its callers about a listening socket. `settings.socket` is in libmilter's form.

// Checks the place of a unix socket, with an error that says what to do: its folder must exist; a socket that
// a process answers on is not touched, a stale one is removed. Nothing to do for inet sockets.
Result<void> prepare_socket(const config::ListenerSettings& settings);

// To be called when the socket is bound. Unix: sets group and mode. Inet: sets TCP_NODELAY, which accepted
// connections inherit; without it every mail with edits waits 40 ms for a delayed acknowledgement.
Result<void> adjust_socket(const config::ListenerSettings& settings);

// While it lives, what this process creates has no more rights than `mode`. Process-wide: only before threads
// start.
class NarrowUmask {
  public:
    explicit NarrowUmask(std::uint32_t mode);
    ~NarrowUmask();
    NarrowUmask(const NarrowUmask&) = delete;

  private:
    std::uint32_t before_;
};

// The socket as main.cf names it (smtpd_milters) and as sendmail.mc does (S= of INPUT_MAIL_FILTER).
std::string for_postfix(const std::string& socket);
std::string for_sendmail(const std::string& socket);

}  // namespace mailrota::milter
