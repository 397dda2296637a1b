#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tests/rig/smtp_client.h"

namespace mailrota::bench {

/// A load: `messages` mails of about `bytes` bytes in all, through `sessions` connections at once.
struct MailLoad {
    int sessions = 50;
    int messages = 2000;
    std::size_t bytes = 4096;
    bool reuse = true;  ///< a connection takes mail after mail; else each mail has its own
};

/// Sends by smtp-source(1), one process, in LMTP. `address` as it takes them: "unix:/path",
/// "inet:127.0.0.1:port". Throws if any mail was not accepted.
void load_lmtp(const std::string& address, const MailLoad& load);

inline constexpr std::string_view warm_up_recipient = "warm-up@bench.test";

/// Whether the server at `address` (as Connection::to reads it) accepts a small mail for that recipient.
bool takes_mail(const std::string& address);

/// Clients that have each sent all of a mail, as far as they were told, and wait. They end with the object.
class WaitingClients {
  public:
    /// `count` clients with mails of `bytes` bytes of content each, which they announce (SIZE=) as MTAs do.
    /// `whole`: with the final dot, else everything but that. Returns when all bytes are with the kernel.
    WaitingClients(const std::string& address, int count, std::size_t bytes, bool whole);

  private:
    std::vector<rig::SmtpClient> clients_;
};

/// Resident memory in bytes (VmRSS) as soon as it has stayed the same for half a second; after twenty seconds
/// whatever it is.
double settled_bytes(pid_t pid);

}  // namespace mailrota::bench
