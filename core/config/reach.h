#pragma once

#include <vector>

#include "core/config/draft.h"

namespace mailrota::config {

// Whether a condition may hold for some mail that comes by this listener: what it says of listener and trust
// is looked at, anything else may be either way.
bool may_hold(const policy::Condition& condition, const ListenerSettings& listener);

// A rule that mail of a listener gets to and that may hold.
struct ReachedRule {
    const RuleDraft* rule = nullptr;
    bool routed = false;  // every recipient has a route before it
};

// What may become of a listener's mail. Refers to the draft.
struct Reach {
    std::vector<ReachedRule> rules;
    bool all_routed = false;  // some rule that every mail meets gives every recipient a route
    bool may_keep = true;     // a recipient may be left as it is; a rota leaves those that it chose before
};
Reach reach_of(const Draft& draft, const ListenerSettings& listener);

}  // namespace mailrota::config
