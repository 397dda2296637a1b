#pragma once

#include <iosfwd>

#include "tests/e2e/kill/relay/event_teller.h"
#include "tests/e2e/kill/relay/mail_queue.h"
#include "tests/e2e/kill/relay/programs.h"

namespace mailrota::rig {

/// What the providers hold more than once although everything was right.
struct Duplicates {
    int after_death = 0;    ///< the process died before it had written what became of the call
    int after_silence = 0;  ///< the call's answer was lost
    int elsewhere = 0;      ///< and the provider was out of order when the time to wait for it was over
};
std::ostream& operator<<(std::ostream& out, const Duplicates& duplicates);

/// Checks all mails, when none waits any more: each recipient was taken, has the mail, and the database says
/// so. Twice only after a call whose end nobody knows, and then the log calls it a possible duplicate: from
/// the provider that can neither know a call again nor be asked (or could not tell when it was asked), or
/// from another one because this one was out of order when the time to wait for it was over.
Duplicates expect_each_once(RelayPrograms& programs, const MailQueue& queue);

/// Checks all events, when the worker has done its jobs: each is in the database once and settled, each
/// bounced recipient is on the suppression list, has one job that tells the sender, and one notice (the same
/// one twice only if the worker died). Returns how many notices came twice.
int expect_each_event_once(RelayPrograms& programs, const EventTeller& teller);

}  // namespace mailrota::rig
