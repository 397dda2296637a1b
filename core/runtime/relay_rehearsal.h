#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/mail/mail.h"
#include "core/runtime/carriers.h"
#include "core/runtime/relay_choice.h"
#include "core/store/store.h"

namespace mailrota::runtime {

// What Relay::carry() would do with a mail that it never saw: whom it would ask, one after the other, as long
// as each of them fails. Earlier attempts for the same mail are not looked at.
struct RelayRehearsal {
    struct Member {
        Contender contender;
        std::string why;  // it would be asked; empty: it would not
        providers::Traits traits;
    };

    std::string rota;
    config::RelayRota::Strategy strategy = config::RelayRota::Strategy::failover;
    std::vector<Member> members;                 // in the order in which they would be asked, then the rest
    std::optional<wire::Reply> nobody;           // none would be asked: what the client is told
    std::vector<store::Suppression> suppressed;  // recipients who are refused without asking anybody
};

// The recipients of `mail` at `places` by the rota of this name, which `carriers` have. Reads the breakers,
// the hold, the turns and the suppression list; writes and sends nothing.
Result<RelayRehearsal> rehearse_relay(store::Transaction& transaction,
                                      std::shared_ptr<const Carriers> carriers, const std::string& rota,
                                      const mail::Mail& mail, const std::vector<std::size_t>& places);

}  // namespace mailrota::runtime
