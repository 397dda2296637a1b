#include "core/policy/policy.h"

#include <algorithm>

#include "core/policy/needs.h"
#include "core/policy/values.h"

namespace mailrota::policy {
namespace {

// How dear an answer is: the envelope is at hand, headers must be decoded, the body must be taken apart.
int cost(const Condition& condition) {
    const auto dearest = [](const std::vector<Condition>& of) {
        int most = 0;
        for (const auto& below : of) most = std::max(most, cost(below));
        return most;
    };
    if (const auto* all = std::get_if<All>(&condition.node)) return dearest(all->of);
    if (const auto* any = std::get_if<Any>(&condition.node)) return dearest(any->of);
    if (const auto* negation = std::get_if<Not>(&condition.node)) return cost(*negation->of);
    if (const auto* test = std::get_if<FieldTest>(&condition.node))
        return is_body(test->field) ? 2 : is_content(test->field) ? 1 : 0;
    return std::holds_alternative<SizeTest>(condition.node) ? 1 : 0;
}

void put_cheap_first(Condition& condition);

void put_cheap_first(std::vector<Condition>& conditions) {
    for (auto& condition : conditions) put_cheap_first(condition);
    std::ranges::stable_sort(conditions, {}, cost);
}

void put_cheap_first(Condition& condition) {
    if (auto* all = std::get_if<All>(&condition.node)) put_cheap_first(all->of);
    if (auto* any = std::get_if<Any>(&condition.node)) put_cheap_first(any->of);
    if (auto* negation = std::get_if<Not>(&condition.node)) {
        Condition below = *negation->of;
        put_cheap_first(below);
        negation->of = std::make_shared<const Condition>(std::move(below));
    }
}

bool only_exact(const FieldTest& test) {
    return std::ranges::all_of(test.any_of,
                               [](const Matcher& matcher) { return std::holds_alternative<Exact>(matcher); });
}

// The test of this field by exact addresses alone without whose yes the condition cannot match.
const FieldTest* demanded(const Condition& condition, Field field) {
    if (const auto* test = std::get_if<FieldTest>(&condition.node))
        return test->field == field && only_exact(*test) ? test : nullptr;
    const auto* all = std::get_if<All>(&condition.node);
    if (!all) return nullptr;
    for (const auto& below : all->of)
        if (const auto* test = demanded(below, field)) return test;
    return nullptr;
}

bool all_jitted(const Condition& condition) {
    if (const auto* all = std::get_if<All>(&condition.node)) return std::ranges::all_of(all->of, all_jitted);
    if (const auto* any = std::get_if<Any>(&condition.node)) return std::ranges::all_of(any->of, all_jitted);
    if (const auto* negation = std::get_if<Not>(&condition.node)) return all_jitted(*negation->of);
    const auto* test = std::get_if<FieldTest>(&condition.node);
    return !test || std::ranges::all_of(test->any_of, [](const Matcher& matcher) {
        const auto* pattern = std::get_if<Pattern>(&matcher);
        return !pattern || pattern->jitted();
    });
}

}  // namespace

Policy::Policy(std::vector<Rule> rules, std::vector<Rota> rotas, mail::DecodeLimits limits,
               std::vector<Alert> alerts, std::vector<Heartbeat> heartbeats)
    : rules_(std::move(rules)),
      rotas_(std::move(rotas)),
      alerts_(std::move(alerts)),
      heartbeats_(std::move(heartbeats)),
      limits_(limits),
      needs_(needs_of(rules_, rotas_)) {
    for (auto& rule : rules_) put_cheap_first(rule.when);
    sieves_ = Sieves(rules_);
    for (std::uint32_t i = 0; i < rules_.size(); ++i) index_rule(i);
    for (std::size_t i = 0; i < rotas_.size(); ++i) index_rota(i);
}

void Policy::index_rule(std::uint32_t rule) {
    const auto insert = [rule](Index& index, const FieldTest& test) {
        for (const auto& matcher : test.any_of)
            index.emplace(mail::Address::from_envelope(std::get<Exact>(matcher).text).key(), rule);
    };
    const auto& condition = rules_[rule].when;
    if (const auto* test = demanded(condition, Field::rcpt))
        insert(by_recipient_, *test);
    else if (const auto* from = demanded(condition, Field::sender))
        insert(by_sender_, *from);
    else
        unindexed_.push_back(rule);
}

void Policy::index_rota(std::size_t rota) {
    rota_by_name_.emplace(rotas_[rota].name, rota);
    for (const auto& address : rotas_[rota].addresses)
        rota_by_address_.emplace(mail::Address::from_envelope(address).key(), rota);
}

const Rota* Policy::rota(std::string_view name) const {
    const auto found = rota_by_name_.find(name);
    return found == rota_by_name_.end() ? nullptr : &rotas_[found->second];
}

const Alert* Policy::alert(std::string_view name) const {
    const auto found = std::ranges::find(alerts_, name, &Alert::name);
    return found == alerts_.end() ? nullptr : &*found;
}

const Rota* Policy::rota_for(const mail::Address& recipient) const {
    const auto found = rota_by_address_.find(recipient.key());
    return found == rota_by_address_.end() ? nullptr : &rotas_[found->second];
}

std::vector<std::uint32_t> Policy::candidates(const mail::Envelope& envelope) const {
    return candidates(envelope.sender, envelope.recipients);
}

std::vector<std::uint32_t> Policy::candidates(const mail::Address& sender,
                                              std::span<const mail::Recipient> recipients) const {
    auto rules = unindexed_;
    const auto look_up = [&rules](const Index& index, const mail::Address& address) {
        const auto [first, last] = index.equal_range(address.key());
        for (auto at = first; at != last; ++at) rules.push_back(at->second);
    };
    look_up(by_sender_, sender);
    for (const auto& recipient : recipients) look_up(by_recipient_, recipient.address);
    if (rules.size() == unindexed_.size()) return rules;
    std::ranges::sort(rules);
    rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
    return rules;
}

bool Policy::jitted() const {
    return std::ranges::all_of(rules_, [](const Rule& rule) { return all_jitted(rule.when); });
}

}  // namespace mailrota::policy
