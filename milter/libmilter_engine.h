#pragma once

#include <atomic>
#include <cstddef>

#include "core/config/config.h"
#include "core/mail/result.h"
#include "milter/mails_in_progress.h"
#include "milter/session.h"

namespace mailrota::milter {

// libmilter as the engine of our sessions: its callbacks become events of a Session, a Session's answers its
// return values. Nothing of libmilter shows here.
//
// libmilter is one a process: so is this. Callbacks come from libmilter's threads, those of one session one
// after the other; whatever fails in them defers the mail. HUP, TERM and INT must be blocked before any
// thread starts: libmilter waits for them itself and takes each as a stop.
class LibmilterEngine {
  public:
    LibmilterEngine(Services services, MailsInProgress& mails);
    ~LibmilterEngine();
    LibmilterEngine(const LibmilterEngine&) = delete;

    // Binds the socket and listens; connections wait until run().
    Result<void> open(const config::ListenerSettings& listener);
    // Serves until a signal says stop; false if libmilter gave up. When it returns no connection is taken any
    // more, but libmilter's threads still carry mails to their end: await mails.wait_until_none(), and do not
    // destroy what they use before the process ends.
    bool run();

    std::size_t sessions() const { return sessions_; }

  private:
    friend struct LibmilterCallbacks;
    Services services_;
    MailsInProgress& mails_;
    std::atomic<std::size_t> sessions_ = 0;
};

}  // namespace mailrota::milter
