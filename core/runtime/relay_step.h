#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/policy/breaker.h"
#include "core/runtime/relay_parcel.h"
#include "core/runtime/relay_terms.h"
#include "core/store/store.h"

namespace mailrota::runtime {

// What a carry does in the store between two calls: one transaction that ends the call before and begins the
// next one. The functions here run in it; they read and write nothing else.

// Recipients of one parcel, by their places in it, who go the same way from now on.
struct Batch {
    std::vector<std::size_t> recipients;
    std::vector<Contender> members;  // as Parcel::members, with what came of them for this batch
    bool doubtful = false;           // a call that may have been a duplicate came to nothing: so may the next
};

// A call that may go out now: it is written.
struct Begun {
    store::RelayAttempt attempt;
    std::vector<std::optional<std::size_t>> recipients;  // the attempt's in the parcel; nothing: not in it
    std::string why;                                     // the provider was chosen, or the call repeated
    bool repeated = false;                               // the same call as one in doubt: see judge()
    bool possible_duplicate = false;                     // a provider may have the mail already
    bool keep = false;                                   // if it works, the rota keeps to this provider
};

// An attempt in doubt whose provider is to be asked.
struct Inquiry {
    store::RelayAttempt attempt;
    std::vector<std::size_t> recipients;  // of the batch
};

// How a batch goes on.
struct Step {
    std::vector<std::pair<std::size_t, Carried>> settled;
    std::vector<Inquiry> inquiries;
    std::optional<Begun> begun;
    std::vector<std::size_t> rest;  // what is for a further step, with the same members
};

// The end of a call.
struct Ended {
    store::RelayAttempt attempt;
    std::vector<std::pair<std::string, policy::Health>> healths;  // by scope
    std::optional<store::RelayHold> hold;
};

// `asked`: ids of attempts whose providers could not tell when they were asked in this carry.
Result<Step> begin_step(store::Transaction& transaction, const Parcel& parcel, const Batch& batch,
                        const std::set<std::string>& asked, store::Time now);
// What the breakers changed to is left in `changed`.
Result<void> end_call(store::Transaction& transaction, const Parcel& parcel, const Ended& ended,
                      store::Time now, std::vector<policy::Breaker>& changed);

}  // namespace mailrota::runtime
