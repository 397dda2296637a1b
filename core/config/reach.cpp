#include "core/config/reach.h"

#include <algorithm>

#include "core/policy/evaluate.h"

namespace mailrota::config {

namespace {

using policy::Condition;

// The answers that a condition may have.
struct Possible {
    bool yes = true;
    bool no = true;
};

bool is_told_by_listener(const Condition& condition) {
    const auto* field = std::get_if<policy::FieldTest>(&condition.node);
    if (field != nullptr) return field->field == policy::Field::listener;
    return std::holds_alternative<policy::TrustTest>(condition.node);
}

Possible ask(const Condition& condition, const ListenerSettings& listener) {
    const mail::Envelope nobody;
    const mail::Origin origin{listener.name, listener.trusted};
    const auto answer =
        policy::Evaluation({nobody, origin, {}, nullptr, {}}).evaluate(condition, nullptr).answer;
    return {answer != policy::Answer::no, answer != policy::Answer::yes};
}

Possible possible(const Condition& condition, const ListenerSettings& listener) {
    const auto below = [&](const Condition& one) { return possible(one, listener); };
    if (const auto* all = std::get_if<policy::All>(&condition.node)) {
        Possible joined{true, false};
        for (const Condition& one : all->of) {
            const Possible answer = below(one);
            joined = {joined.yes && answer.yes, joined.no || answer.no};
        }
        return joined;
    }
    if (const auto* any = std::get_if<policy::Any>(&condition.node)) {
        Possible joined{false, true};
        for (const Condition& one : any->of) {
            const Possible answer = below(one);
            joined = {joined.yes || answer.yes, joined.no && answer.no};
        }
        return joined;
    }
    if (const auto* negation = std::get_if<policy::Not>(&condition.node)) {
        const Possible answer = below(*negation->of);
        return {answer.no, answer.yes};
    }
    return is_told_by_listener(condition) ? ask(condition, listener) : Possible{};
}

bool is_stop(const policy::Action& action) { return std::holds_alternative<policy::Stop>(action); }

}  // namespace

bool may_hold(const Condition& condition, const ListenerSettings& listener) {
    return possible(condition, listener).yes;
}

Reach reach_of(const Draft& draft, const ListenerSettings& listener) {
    Reach reach;
    for (const RuleDraft& rule : draft.rules) {
        const Possible answer = possible(rule.rule.when, listener);
        if (!answer.yes) continue;
        reach.rules.push_back({&rule, reach.all_routed});
        if (answer.no) continue;
        const auto& then = rule.rule.then;
        const auto route = std::find_if(then.begin(), then.end(), policy::gives_route);
        if (route != then.end() && !reach.all_routed) {
            reach.all_routed = true;
            reach.may_keep = std::holds_alternative<policy::ToRota>(*route);
        }
        if (std::any_of(then.begin(), then.end(), is_stop)) break;
    }
    return reach;
}

}  // namespace mailrota::config
