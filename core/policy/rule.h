#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/policy/condition.h"

namespace mailrota::policy {

// What the MTA is told: an SMTP reply (RFC 5321 section 4.2, RFC 3463). The text has no line break of CR; LF
// makes it a multi-line reply.
struct Reply {
    int code = 0;          // 4yz or 5yz
    std::string enhanced;  // "5.7.1"
    std::string text;      // templates are filled in by then

    bool operator==(const Reply&) const = default;
};

// Actions of a rule. Texts marked (template) may hold {name}: a capture of the rule's patterns, or one of
// {sender} {rcpt} {subject} {header.NAME} {client} {queue_id}; {{ and }} are braces. What did not match is
// empty.
struct ToRota {
    std::string rota;
};
struct ToBox {
    std::string box;
};
struct ToRelay {
    std::string rota;  // one whose members are providers
};
struct Redirect {
    std::vector<std::string> to;  // addresses
};
struct Copy {
    std::vector<std::string> to;
};
struct AddHeader {
    std::string name;
    std::string value;  // (template)
};
struct RemoveHeader {
    std::string name;  // every field of that name
};
struct Quarantine {
    std::string reason;  // (template)
};
struct Reject {
    Reply reply;  // (template) default 550 5.7.1
};
struct Defer {
    Reply reply;  // (template) default 451 4.7.1
};
// Alerts, beside the mail's own way.
struct Raise {
    std::string alert;
};
struct Resolve {
    std::string alert;
};
struct Beat {
    std::string heartbeat;  // it has come
};
struct Discard {};
struct Stop {};
using Action = std::variant<ToRota, ToBox, ToRelay, Redirect, Copy, AddHeader, RemoveHeader, Quarantine,
                            Reject, Defer, Raise, Resolve, Beat, Discard, Stop>;

// Whether an action gives its recipients a route: rota, spool, relay, redirect, reject, defer, discard.
bool gives_route(const Action& action);

// What a rule does when it cannot be told whether it matches and never will be (a match limit was hit).
enum class OnLimit { match, no_match, defer };
// What a rule does when something it needs is away for the moment (a list unreadable, the store down).
enum class OnError { defer, pass };

struct Rule {
    std::string name;
    Condition when;  // an empty All matches every mail
    std::vector<Action> then;
    OnLimit on_limit = OnLimit::defer;
    OnError on_error = OnError::defer;
    std::string where;  // "mailrota.toml:12", for explain
};

}  // namespace mailrota::policy
