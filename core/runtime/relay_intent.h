#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/runtime/relay_past.h"
#include "core/runtime/relay_step.h"

namespace mailrota::runtime {

// What is to be done for one recipient who is not settled by what is known of him.
struct Intent {
    std::size_t recipient = 0;          // in the parcel
    std::optional<std::size_t> repeat;  // this very call: among Sorted::attempts
    std::string before;                 // the provider that may have the mail; may be empty
    bool again = false;                 // there again
    bool strict = false;                // and nowhere else

    bool goes_with(const Intent& other) const {
        return repeat == other.repeat && before == other.before && again == other.again &&
               strict == other.strict;
    }
};

// A batch, sorted by what earlier attempts and the suppression list tell.
struct Sorted {
    std::vector<store::RelayAttempt> attempts;
    std::vector<std::pair<std::size_t, Carried>> settled;
    std::vector<Inquiry> inquiries;
    std::vector<Intent> intents;
};
Result<Sorted> sort_batch(store::Transaction& transaction, const Parcel& parcel, const Batch& batch,
                          const std::set<std::string>& asked, store::Time now);

}  // namespace mailrota::runtime
