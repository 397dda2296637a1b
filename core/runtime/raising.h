#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/mail/mail.h"
#include "core/policy/decide.h"
#include "core/policy/incident.h"
#include "core/store/store.h"

namespace mailrota::runtime {

// What became of one trigger, for log and explain.
struct Raised {
    policy::Trigger trigger;
    policy::Joined::What what = policy::Joined::What::ignored;
    std::int64_t incident = 0;  // its number; 0: none
    std::string why;
};

// Carries the triggers and heartbeats of a decision out, inside the transaction that settles the mail: opens,
// notes, resolves incidents and writes their escalations' jobs. Idempotent by the mail's key: a mail that is
// offered again changes nothing; one without a Message-ID of its sender's is known by all its bytes. (alert,
// key) are taken in one order by everybody, so that two mails never wait for each other.
Result<std::vector<Raised>> raise(store::Transaction& transaction, const policy::Policy& policy,
                                  const mail::Mail& mail, const policy::Decision& decision, store::Time now);

// Opens an incident for a heartbeat that did not come, once for each time at which it was due: a heartbeat
// that stays away is told of again when it is due next, which is noted as long as its incident lives. Nothing
// if it is not overdue.
Result<std::vector<Raised>> raise_overdue(store::Transaction& transaction, const policy::Policy& policy,
                                          const policy::Heartbeat& heartbeat, store::Time now);

// Forgets heartbeats that a configuration lacks, so that one that is put back begins anew. Of nodes with
// different ones each would end what the other waits for, so that only these are: with a new configuration
// those that the one before it had; at a start (`before` is null) those of which nothing was heard or told
// for longer than a month.
Result<void> forget_beats(store::Transaction& transaction, const policy::Policy* before,
                          const policy::Policy& policy, store::Time now);

// Somebody opens an incident at the console, whatever the alert's burst: `trigger` says what is spoken, and
// in place of a rule who asks for it. `id` is a new one for each time.
Result<Raised> raise_by_hand(store::Transaction& transaction, const policy::Alert& alert,
                             const policy::Trigger& trigger, const std::string& subject,
                             const std::string& id, store::Time now);

}  // namespace mailrota::runtime
