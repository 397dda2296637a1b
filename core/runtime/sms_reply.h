#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/providers/telephone.h"
#include "core/runtime/incident_news.h"
#include "core/store/store.h"

namespace mailrota::runtime {

// What an SMS that came in led to.
struct Replied {
    enum class What {
        known,    // it was taken before
        nobody,   // its sender was not written to or called about any incident
        nothing,  // it asks for nothing that we know
        obeyed,
    };
    What what = What::nothing;
    std::int64_t incident = 0;
    std::string by;         // member id
    Obeyed::What obeyed{};  // of What::obeyed
    std::string language;   // of who wrote it; may be empty
    std::string taken_by;   // of Obeyed::What::already: the name of who did, if it is somebody else
};

std::string_view to_string(const Replied& replied);

// Takes a message that this account has received, once for its id: obeys what it asks for the incident that
// it names, else for the one of the newest SMS to its sender. Only numbers that were told of an incident may
// speak for it, and only since they were told. `account`: its own id ("AC…"), by whatever way it came.
Result<Replied> take_reply(store::Transaction& transaction, const policy::Policy& policy,
                           std::string_view account, const providers::ListedMessage& message,
                           store::Time now);

}  // namespace mailrota::runtime
