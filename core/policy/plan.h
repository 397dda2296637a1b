#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/policy/decide.h"

namespace mailrota::policy {

// A turn that was drawn (or found again) for one rota of a mail.
struct Turn {
    std::string rota;
    std::vector<std::string>
        targets;            // whom the mail goes to; empty: nobody is available and there is no fallback
    std::string reason;     // "turn", "sticky", …: Choice::Reason in words
    bool replayed = false;  // drawn earlier for the same mail

    bool operator==(const Turn&) const = default;
};
using Turns = std::map<std::string, Turn, std::less<>>;

// What happens to one received recipient.
struct RecipientPlan {
    enum class Fate { keep, redirect, spool, relay, refuse, defer, drop };

    Fate fate = Fate::keep;
    std::vector<std::string> to;  // redirect: the new addresses
    std::optional<Reply> reply;   // refuse, defer
    std::string box;              // spool
    std::string rota;             // the rota that chose, if one did; relay: the rota of providers
    std::string rule;
    std::string why;  // one phrase for the log: "round-robin turn of ann@example.com"
};
std::string_view to_string(RecipientPlan::Fate fate);

// The whole answer: what a front end carries out. A value; golden tests compare its text.
struct Plan {
    std::vector<RecipientPlan> recipients;  // one for each of the envelope's, same order
    std::vector<std::string> copies;
    std::vector<HeaderEdit> headers;   // without the trace
    std::optional<mail::Trace> trace;  // set if the mail is redirected: the trace it goes on with
    std::vector<std::string> marks;    // what a copy's trace names beside those before it
    std::optional<std::string> quarantine;
    std::vector<std::string> matched;
    std::vector<std::string> alarms;

    // Nothing changes: the mail goes on as it came.
    bool untouched() const;
    // The same reply for the whole mail, if every recipient has the same fate of refuse or defer.
    std::optional<Reply> common_reply() const;
    bool all_dropped() const;
};

// The rotas that a decision needs turns of, in name order, each once: none if no mail will go out of it
// (pass_untouched, or every recipient refused or deferred, or — `whole_mail_only`, as for a milter's end of
// message — some recipient deferred, or some but not all refused).
enum class Granularity { per_recipient, whole_mail_only };
std::vector<std::string> rotas_to_draw(const Decision& decision, Granularity granularity);

// Puts decision and turns together. A rota without a target defers its recipient with 451 4.3.0. Pure.
Plan make_plan(const mail::Envelope& envelope, const Decision& decision, const Turns& turns,
               const mail::Trace& trace);

// By which way a front end carries a plan out, as words that follow a fate: ", to
// lmtp:unix:/run/dovecot/lmtp". Empty under a milter, where the MTA goes on with the mail.
struct Ways {
    std::string kept;       // after "keep"
    std::string sent_on;    // after the addresses of a redirection or copy
    std::string held_back;  // after the reason of a quarantine
};

// The plan as people read it, line by line, stable for golden tests.
std::string to_text(const mail::Envelope& envelope, const Plan& plan, const Ways& ways = {});

// A plan that defers every recipient.
Plan defer_all(const mail::Envelope& envelope, const Reply& reply, const std::string& why);

}  // namespace mailrota::policy
