#include "ctl/box_text.h"

#include "core/policy/safe_text.h"
#include "ctl/time_text.h"

namespace mailrota::ctl {

bool is_leased(const store::BoxItem& item, store::Time now) {
    return !item.lease.empty() && item.leased_until > now;
}

bool is_free(const store::BoxItem& item, store::Time now) {
    return item.leased_until <= now && item.expires > now;
}

std::string state_text(const store::BoxItem& item, store::Time now) {
    if (is_leased(item, now)) return "leased until " + local_text(item.leased_until);
    if (item.expires <= now) return "expired";
    return is_free(item, now) ? "free" : "rests until " + local_text(item.leased_until);
}

std::vector<std::string> waiting_in(const store::BoxItem& item) {
    std::vector<std::string> names;
    for (const auto& recipient : item.recipients)
        if (recipient.state == store::BoxRecipient::State::waiting)
            names.push_back(policy::without_controls(recipient.address));
    return names;
}

}  // namespace mailrota::ctl
