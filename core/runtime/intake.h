#pragma once

#include <string>
#include <vector>

#include "core/mail/mail.h"
#include "core/policy/plan.h"
#include "core/runtime/clock.h"
#include "core/runtime/considered.h"
#include "core/runtime/settle.h"
#include "core/store/store.h"

namespace mailrota::runtime {

// The one way that mail takes: decide, settle, plan. Blocking and thread-safe: libmilter's threads call it
// directly; coroutines take the same way by async_intake.h. Holds references only; owned by the program's
// main, which outlives every session.
class Intake {
  public:
    Intake(store::Store& store, const mail::TraceSecret& secret, Clock clock);

    // Decides about the mail, draws its turns and opens its incidents in one transaction of the store (none
    // if no rota and no alert is concerned: then the store is not touched), and says what is to be done. The
    // same mail offered again gets the same turns and opens nothing twice. Never fails: when the store is
    // away the plan defers every recipient and says why, or passes the mail untouched where its rules fail
    // open.
    Taken take(const policy::Policy& policy, const mail::Mail& mail, policy::Granularity granularity);

    // The same without a trace in the store: for `mailrota explain`. The decision's own trace lines are
    // filled in, and who stood by in each rota that would have drawn.
    struct Rehearsal {
        policy::Decision decision;
        Taken taken;
        Choices choices;
    };
    Rehearsal rehearse(const policy::Policy& policy, const mail::Mail& mail, policy::Granularity granularity);

    // The work of the one transaction: draws the turns that are needed as of now, opens or joins incidents,
    // and sets `settled`, and `choices` if given, anew each time it is run. All arguments must outlive it.
    store::Work settling(const policy::Policy& policy, const mail::Mail& mail, const Considered& considered,
                         policy::Granularity granularity, Settled& settled, Choices* choices = nullptr) const;

    const mail::TraceSecret& secret() const { return secret_; }

  private:
    // Store::write or Store::rehearse.
    using Transact = Result<void> (store::Store::*)(std::vector<std::string> rotas, store::Work work);

    Rehearsal walk(const policy::Policy& policy, const mail::Mail& mail, policy::Granularity granularity,
                   policy::Tracing tracing, Transact transact);
    Result<void> run(Transact transact, const std::vector<std::string>& rotas, store::Work work);

    store::Store& store_;
    mail::TraceSecret secret_;
    Clock clock_;
};

}  // namespace mailrota::runtime
