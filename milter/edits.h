#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/policy/plan.h"

namespace mailrota::milter {

// Edits in the milter protocol's terms, each with what it needs on the wire.
struct AddRecipient {
    std::string address;     // "<ann@example.com>"
    std::string parameters;  // "NOTIFY=FAILURE ORCPT=rfc822;orders@example.com"; may be empty

    bool operator==(const AddRecipient&) const = default;
};
struct DeleteRecipient {
    std::string raw;  // the exact bytes as the MTA knows it
    bool operator==(const DeleteRecipient&) const = default;
};
struct AddHeader {
    std::string name;
    std::string value;  // folded by LF + blank
    bool operator==(const AddHeader&) const = default;
};
struct DeleteHeader {
    std::string name;
    int index = 1;  // 1-based among the fields of that name; sent from the last to the first
    bool operator==(const DeleteHeader&) const = default;
};
struct Quarantine {
    std::string reason;
    bool operator==(const Quarantine&) const = default;
};
using Edit = std::variant<AddRecipient, AddHeader, DeleteHeader, Quarantine, DeleteRecipient>;

// How a mail ends.
struct Ending {
    enum class Verdict { accept, discard, reply };

    Verdict verdict = Verdict::accept;
    std::optional<policy::Reply> reply;  // set for verdict reply: 4yz or 5yz
    std::vector<Edit>
        edits;  // only with accept; in the order in which they are sent: every addition before any deletion
};

// The burst that carries out `plan`: recipients are the set difference between received and final ones,
// compared by Address::key(); NOTIFY is kept; ORCPT is kept or, if absent, made in xtext (RFC 3461) of the
// address that the sender used, when `parameters_allowed`. If all that would be left is nobody, the verdict
// is discard where every recipient was dropped, and a 451 otherwise: never an accepted mail without
// recipients. Refusals or deferrals of some recipients only defer the whole mail (a milter cannot do
// otherwise at this point), but one refusal refuses the whole of a mail from sendmail(1). Pure.
Ending make_ending(const mail::Envelope& envelope, const mail::Message& message, const policy::Plan& plan,
                   const mail::TraceSecret& secret, bool parameters_allowed);

// RFC 3461 section 4: printable ASCII but + and =, everything else as +XX.
std::string xtext(std::string_view text);

}  // namespace mailrota::milter
