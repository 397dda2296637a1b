#include <fmt/format.h>

#include <algorithm>

#include "core/config/draft.h"
#include "core/config/reach.h"

namespace mailrota::config {

namespace {

using policy::Condition;
using policy::Field;

// True if some test below satisfies `wanted`.
template <class Wanted>
bool some_test(const Condition& condition, const Wanted& wanted) {
    if (const auto* all = std::get_if<policy::All>(&condition.node)) {
        return std::any_of(all->of.begin(), all->of.end(),
                           [&](const Condition& one) { return some_test(one, wanted); });
    }
    if (const auto* any = std::get_if<policy::Any>(&condition.node)) {
        return std::any_of(any->of.begin(), any->of.end(),
                           [&](const Condition& one) { return some_test(one, wanted); });
    }
    if (const auto* none = std::get_if<policy::Not>(&condition.node)) return some_test(*none->of, wanted);
    return wanted(condition);
}

bool needs_content(const Condition& condition) {
    const auto* test = std::get_if<policy::FieldTest>(&condition.node);
    if (test == nullptr) return std::holds_alternative<policy::SizeTest>(condition.node);
    return test->field >= Field::header && test->field <= Field::attachment_type;
}

bool matches_everything(const policy::Rule& rule) {
    const auto* all = std::get_if<policy::All>(&rule.when.node);
    return all != nullptr && all->of.empty();
}

template <class Action>
bool has_action(const policy::Rule& rule) {
    return std::any_of(rule.then.begin(), rule.then.end(),
                       [](const policy::Action& action) { return std::holds_alternative<Action>(action); });
}

bool only_routes(const policy::Rule& rule) {
    return std::all_of(rule.then.begin(), rule.then.end(), [](const policy::Action& action) {
        return policy::gives_route(action) || std::holds_alternative<policy::Stop>(action);
    });
}

bool routes(const policy::Rule& rule) {
    return std::any_of(rule.then.begin(), rule.then.end(), policy::gives_route);
}

bool milter_gets_to(const policy::Rule& rule, const Draft& draft) {
    const auto& all = draft.config.listeners;
    return std::any_of(all.begin(), all.end(), [&](const ListenerSettings& listener) {
        return listener.protocol == ListenerSettings::Protocol::milter && may_hold(rule.when, listener);
    });
}

void check_reply(const RuleDraft& rule_draft, const Draft& draft, Diagnostics& diagnostics) {
    const policy::Rule& rule = rule_draft.rule;
    const bool replies = has_action<policy::Reject>(rule) || has_action<policy::Defer>(rule);
    if (!replies || !rule.when.about_recipient() || !some_test(rule.when, needs_content)) return;
    if (!milter_gets_to(rule, draft)) return;
    diagnostics.warning(
        rule_draft.line, "rule",
        fmt::format("{} refuses single recipients for what is in the mail: a milter cannot, and a mail "
                    "with other recipients is deferred as a whole",
                    quoted(rule.name)),
        "refuse by the envelope alone, or refuse the whole mail");
}

void check_discard(const RuleDraft& draft, Diagnostics& diagnostics) {
    if (!matches_everything(draft.rule) || !has_action<policy::Discard>(draft.rule)) return;
    diagnostics.warning(draft.line, "rule", quoted(draft.rule.name) + " discards every mail that reaches it",
                        "give it a condition: when.sender = \"…\"");
}

// Nothing is looked at after an unconditional stop.
void check_stopped(const Draft& draft, Diagnostics& diagnostics) {
    for (std::size_t i = 0; i + 1 < draft.rules.size(); ++i) {
        const RuleDraft& rule = draft.rules[i];
        if (!matches_everything(rule.rule) || !has_action<policy::Stop>(rule.rule)) continue;
        const RuleDraft& next = draft.rules[i + 1];
        diagnostics.warning(next.line, "rule",
                            fmt::format("{} is never reached: {} in line {} stops every mail",
                                        quoted(next.rule.name), quoted(rule.rule.name), rule.line),
                            "give that rule a condition, or move it to the end");
        return;
    }
}

// After an unconditional route, a rule that does nothing but route does nothing.
void check_routed(const Draft& draft, Diagnostics& diagnostics) {
    const RuleDraft* routed = nullptr;
    for (const RuleDraft& rule : draft.rules) {
        if (routed != nullptr && routes(rule.rule) && only_routes(rule.rule)) {
            diagnostics.warning(
                rule.line, "rule",
                fmt::format("{} has no effect: {} in line {} gives every recipient a route before",
                            quoted(rule.rule.name), quoted(routed->rule.name), routed->line),
                "give that rule a condition, or move it to the end");
            return;
        }
        if (!matches_everything(rule.rule)) continue;
        if (has_action<policy::Stop>(rule.rule)) return;
        if (routed == nullptr && routes(rule.rule)) routed = &rule;
    }
}

}  // namespace

void check_rules(const Draft& draft, Diagnostics& diagnostics) {
    for (const RuleDraft& rule : draft.rules) {
        check_reply(rule, draft, diagnostics);
        check_discard(rule, diagnostics);
    }
    check_stopped(draft, diagnostics);
    check_routed(draft, diagnostics);
}

}  // namespace mailrota::config
