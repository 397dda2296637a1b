#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/policy/breaker.h"
#include "core/runtime/relay_step.h"
#include "core/store/store.h"

namespace mailrota::runtime {

// The breakers that stand between one parcel and the members of its rota, as a transaction has read them:
// each provider's own, and its for mail from the parcel's domain.
class Breakers {
  public:
    static Result<Breakers> read(store::Transaction& transaction, const Parcel& parcel,
                                 const std::vector<Contender>& members);

    // The members with what the breakers say of them now.
    std::vector<Contender> apply(std::vector<Contender> members, store::Time now) const;
    // This mail is the one that finds out whether the provider works again, if one is due.
    Result<void> begin_probes(store::Transaction& transaction, const Parcel& parcel, const Contender& at,
                              store::Time now) const;

  private:
    explicit Breakers(std::string domain) : domain_(std::move(domain)) {}
    const policy::Breaker* find(const std::string& scope) const;

    std::string domain_;
    std::map<std::string, policy::Breaker> breakers_;  // by scope
};

// Tells the breakers what a call said of its provider; those that are other than before it.
Result<std::vector<policy::Breaker>> put_healths(store::Transaction& transaction, const Carriers& carriers,
                                                 const Ended& ended, store::Time now);

}  // namespace mailrota::runtime
