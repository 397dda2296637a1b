#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/mail/mail.h"
#include "core/policy/plan.h"
#include "core/runtime/intake.h"
#include "core/runtime/log.h"
#include "core/runtime/metrics.h"
#include "core/runtime/policy_source.h"
#include "milter/edits.h"
#include "milter/steps.h"

namespace mailrota::milter {

// What the sessions of one process share. References outlive every session; all of it is thread-safe.
struct Services {
    runtime::PolicySource& policies;
    std::function<runtime::Intake&()> intake;  // the one in force: the store may come up later than we do
    runtime::Log& log;
    runtime::Metrics& metrics;
    runtime::Clock clock;
};

// What the MTA is answered at one step.
struct Continue {};
struct SkipRest {};    // no more of the body is needed
struct AcceptMail {};  // nothing more is needed of this mail
struct TempFail {};
using StepAnswer = std::variant<Continue, SkipRest, AcceptMail, TempFail, policy::Reply>;

// One macro's value as the MTA gave it with a step; empty if it gave none. Valid during the call only.
class Macros {
  public:
    virtual ~Macros() = default;
    virtual std::string_view get(const char* name) const = 0;
};

// The milter's side of one connection, without a word of any milter library: plain events in, answers out.
//
// Legal order (libmilter's API, and what both MTAs do): negotiate; connect?; helo?; then any number of mails:
// mail, rcpt+, header*, body*, end_of_message | abort; close at any point. Events that the negotiated steps
// leave out do not come; those out of order defer their mail. abort() may come at any time within a mail, and
// again. One thread at a time, but any thread. Nothing but a lack of memory throws. A session keeps the
// policy that it negotiated its steps with.
class Session {
  public:
    explicit Session(Services services);
    ~Session();
    Session(const Session&) = delete;

    // What is asked of an MTA that offers `offer`. Steps it cannot leave out simply come and are ignored.
    Wanted negotiate(const Offer& offer);
    StepAnswer connect(std::string_view client_name, std::string_view client_ip, const Macros& macros);
    StepAnswer helo(std::string_view name);
    StepAnswer mail(const std::vector<std::string>& arguments, const Macros& macros);
    StepAnswer rcpt(const std::vector<std::string>& arguments, const Macros& macros);
    StepAnswer header(std::string_view name, std::string_view value);
    StepAnswer body(std::string_view chunk);
    // Blocks for as long as the settlement takes; the verdict is durable when it returns. The mail is over.
    Ending end_of_message(const Macros& macros);
    // The adapter tells how the burst went: an edit that could not be sent turned the verdict into a
    // deferral.
    void edits_failed(std::string_view what);
    void abort();

    // What the session is called in the log.
    const std::string& id() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mailrota::milter
