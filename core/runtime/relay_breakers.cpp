#include "core/runtime/relay_breakers.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/runtime/relay_verdict.h"

namespace mailrota::runtime {
namespace {

using policy::Breaker;
using policy::Health;
using policy::Passage;

// A success is worth writing down so often while nothing else changes: each costs a row that all share.
constexpr std::chrono::seconds successes_told_every{60};

std::vector<std::string> scopes_of(const std::string& provider, const std::string& domain) {
    std::vector<std::string> scopes{provider};
    if (!domain.empty()) scopes.push_back(scope_of(provider, domain));
    return scopes;
}

// Of a domain only trouble is remembered.
bool is_worth_keeping(const Breaker& before, const Breaker& now, const Health& health, bool known,
                      bool of_domain) {
    if (health.kind != Health::Kind::works) return true;
    if (!known) return !of_domain;
    const bool changed = before.state != now.state || before.failures != now.failures;
    return changed || now.last_success >= before.last_success + successes_told_every;
}

}  // namespace

Result<Breakers> Breakers::read(store::Transaction& transaction, const Parcel& parcel,
                                const std::vector<Contender>& members) {
    Breakers breakers(parcel.domain);
    std::vector<std::string> scopes;
    for (const Contender& member : members)
        for (std::string& scope : scopes_of(member.provider, parcel.domain))
            scopes.push_back(std::move(scope));
    auto found = transaction.breakers(scopes);
    if (!found) return tl::unexpected(found.error());
    for (Breaker& breaker : *found) breakers.breakers_.emplace(breaker.scope, breaker);
    return breakers;
}

const Breaker* Breakers::find(const std::string& scope) const {
    const auto found = breakers_.find(scope);
    return found == breakers_.end() ? nullptr : &found->second;
}

std::vector<Contender> Breakers::apply(std::vector<Contender> members, store::Time now) const {
    for (Contender& member : members) {
        for (const std::string& scope : scopes_of(member.provider, domain_)) {
            const Breaker* breaker = find(scope);
            if (breaker == nullptr) continue;
            const Passage passage = policy::passage(*breaker, now);
            member.passage = std::max(member.passage, passage);
            if (passage != Passage::blocked) continue;
            member.blocked_for_domain = scope != member.provider && member.reopens == Breaker::Time{};
            member.reopens = std::max(member.reopens, policy::reopens(*breaker));
            if (member.tried == Contender::Tried::no) member.words = breaker->why;
        }
    }
    return members;
}

Result<void> Breakers::begin_probes(store::Transaction& transaction, const Parcel& parcel,
                                    const Contender& at, store::Time now) const {
    if (at.passage != Passage::probe) return {};
    for (const std::string& scope : scopes_of(at.provider, domain_)) {
        const Breaker* breaker = find(scope);
        if (breaker == nullptr || policy::passage(*breaker, now) != Passage::probe) continue;
        const auto terms = breaker_terms(*parcel.carriers, at.provider);
        if (auto put = transaction.put_breaker(policy::begin_probe(*breaker, terms, now)); !put) return put;
    }
    return {};
}

Result<std::vector<Breaker>> put_healths(store::Transaction& transaction, const Carriers& carriers,
                                         const Ended& ended, store::Time now) {
    std::vector<Breaker> changed;
    std::vector<std::string> scopes;
    for (const auto& [scope, health] : ended.healths) scopes.push_back(scope);
    if (scopes.empty()) return changed;
    const auto known = transaction.breakers(scopes);
    if (!known) return tl::unexpected(known.error());
    const auto terms = breaker_terms(carriers, ended.attempt.provider);
    for (const auto& [scope, health] : ended.healths) {
        const auto found = std::ranges::find(*known, scope, &Breaker::scope);
        Breaker before;
        before.scope = scope;
        if (found != known->end()) before = *found;
        const Breaker after = policy::after(before, health, terms, now);
        const bool of_domain = scope != ended.attempt.provider;
        if (!is_worth_keeping(before, after, health, found != known->end(), of_domain)) continue;
        if (auto put = transaction.put_breaker(after); !put) return tl::unexpected(put.error());
        if (before.state != after.state) changed.push_back(after);
    }
    return changed;
}

}  // namespace mailrota::runtime
