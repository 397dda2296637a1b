#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/mail/message.h"
#include "core/runtime/carriers.h"
#include "core/runtime/relay.h"
#include "core/runtime/relay_choice.h"

namespace mailrota::runtime {

// One mail as all calls of one carry() see it: made once, then the same for every attempt, which therefore
// all start from the same bytes.
struct Parcel {
    std::shared_ptr<const Carriers> carriers;
    const config::RelayRota& rota;  // of `carriers`
    Consignment consignment;
    mail::Message message;           // relayed_bytes(); the consignment's own where nothing had to go
    std::string domain;              // of From, small letters: what breakers for a domain go by; may be empty
    std::vector<Contender> members;  // of the rota, with their fitness
    std::string owner;               // of this carry; no other has it

    const Carrier* carrier(std::string_view provider) const { return carriers->carrier(provider); }
};

// `rota` is one of `carriers`. Pure.
Parcel make_parcel(std::shared_ptr<const Carriers> carriers, const config::RelayRota& rota,
                   Consignment consignment, std::string owner);

// The mail for some of its recipients, as a dialect takes it.
providers::Outgoing outgoing(const Parcel& parcel, const Carrier& carrier,
                             std::vector<std::string> recipients, std::string id);

}  // namespace mailrota::runtime
