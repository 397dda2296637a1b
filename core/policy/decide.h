#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/mail/header_edit.h"
#include "core/mail/keys.h"
#include "core/mail/mail.h"
#include "core/policy/alert.h"
#include "core/policy/policy.h"

namespace mailrota::policy {

// What becomes of one recipient, before turns are drawn.
struct RouteKeep {
    bool operator==(const RouteKeep&) const = default;
};
struct RouteRota {
    std::string rota;
    bool operator==(const RouteRota&) const = default;
};
struct RouteRedirect {
    std::vector<std::string> to;
    bool operator==(const RouteRedirect&) const = default;
};
// Into a box for remote pullers. Only where the MTA's queue stands behind us: never under a milter listener.
struct RouteSpool {
    std::string box;
    bool operator==(const RouteSpool&) const = default;
};
// Through a rota of providers. Under the same condition.
struct RouteRelay {
    std::string rota;
    bool operator==(const RouteRelay&) const = default;
};
struct RouteRefuse {
    Reply reply;
    bool operator==(const RouteRefuse&) const = default;
};
struct RouteDefer {
    Reply reply;
    bool operator==(const RouteDefer&) const = default;
};
struct RouteDrop {
    bool operator==(const RouteDrop&) const = default;
};
using Route = std::variant<RouteKeep, RouteRota, RouteRedirect, RouteSpool, RouteRelay, RouteRefuse,
                           RouteDefer, RouteDrop>;

// A recipient's route and where it comes from.
struct Routed {
    Route route;
    std::string rule;            // the rule's name; "rota NAME" for a rota's own address; empty for keep
    std::string why;             // one phrase
    bool pass_on_error = false;  // if settling fails, the whole mail passes untouched
};

using mail::HeaderEdit;

// One rule or test that was looked at, for explain.
struct TraceLine {
    int depth = 0;     // 0: a rule; deeper: its tests
    std::string text;  // "rule \"vip\" (mailrota.toml:12): no", "header.X-Id = /^\d+$/: yes, \"4711\""
};

// What the policy says of a mail. No turn is drawn yet.
struct Decision {
    std::vector<Routed> recipients;   // one for each of the envelope's, same order
    std::vector<std::string> copies;  // further recipients, each once
    std::vector<HeaderEdit> headers;
    std::vector<std::string> marks;         // for the trace: rules that copied or added, which do so once
    std::optional<std::string> quarantine;  // the reason
    bool pass_untouched = false;  // a rule failed open: the mail passes as it came, whatever else was said
    std::vector<std::string> matched;  // names of the rules that matched, in order
    std::vector<std::string> alarms;   // what somebody must look at: a limit was hit
    std::vector<Trigger> triggers;     // of alerts; each (kind, alert, key) once, its lines joined
    std::vector<std::string> beats;    // heartbeats that came, each once
    std::vector<TraceLine> trace;      // only if asked for
};

enum class Tracing { off, on };

// Walks the rules, then the rotas' addresses. A mail all of whose recipients are deferred comes again, so it
// raises and resolves nothing yet; one that is refused does, since it will not come again, and one that
// passes untouched does too. Pure. `trace` is the mail's valid trace: a rota that it passed is not applied
// again (the recipient is kept), and more than ten hops refuse every recipient with 5.4.6.
Decision decide(const Policy& policy, const mail::Mail& mail, const mail::Trace& trace,
                Tracing tracing = Tracing::off);

// What can be said of the last recipient of `envelope` at its RCPT command, when nothing of header and body
// has been seen: a refusal or deferral that no content could change; nothing otherwise. Needed only where
// needs().recipient_replies is set.
std::optional<Reply> decide_at_rcpt(const Policy& policy, const mail::Envelope& envelope,
                                    const mail::Origin& origin, std::chrono::sys_seconds now);

}  // namespace mailrota::policy
