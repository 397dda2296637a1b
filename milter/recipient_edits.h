#pragma once

#include <vector>

#include "milter/edits.h"

namespace mailrota::milter {

// The set difference between received and final recipients.
struct RecipientEdits {
    std::vector<AddRecipient> add;
    std::vector<DeleteRecipient> remove;
    bool nobody_left = false;  // there were recipients, and none would be left

    bool empty() const { return add.empty() && remove.empty(); }
};

// Recipients are compared by Address::key() and named by their exact bytes as received, but without a source
// route; a recipient that was received in several spellings is deleted by each of them. Refused and deferred
// recipients count as gone: the caller has dealt with them. A new recipient takes the parameters of the first
// received one that goes to it. An original recipient with bytes outside ASCII gets no ORCPT: RFC 3461's form
// cannot say it. Pure.
RecipientEdits recipient_edits(const mail::Envelope& envelope, const policy::Plan& plan,
                               bool parameters_allowed);

}  // namespace mailrota::milter
