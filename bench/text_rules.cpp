#include "bench/text_rules.h"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace mailrota::bench {

namespace {

using policy::Field;

struct Kind {
    Field field;
    const char* form;  // {} is the number of the host, place or project
};

constexpr std::array<Kind, 10> kinds = {
    {{Field::body, R"(/\bhost-{0:03} is (?:down|unreachable)\b/i)"},
     {Field::body, R"(/^Priority: (?:Urgent|Immediate), project-{0:03}$/m)"},
     {Field::body, R"(/Ticket #(?<ticket>{0:03}\d{{4}}) escalated/)"},
     {Field::subject, R"(/^PROBLEM: .*\bsrv-{0:03}\b/)"},
     {Field::body_all, R"(/störung in (?<place>halle-{0:03})/iu)"},
     {Field::body, R"(/^(?<host>db-{0:03}): filesystem (?<mount>\S+) is (?<used>9\d|100)% full/m)"},
     {Field::subject, R"(/\[P1\] (?<service>billing-{0:03})/i)"},
     {Field::body, R"(/out of memory on node-{0:03}|kernel panic on node-{0:03}/)"},
     {Field::body_all, R"(/(?:emergency|outage|breakdown) (?:at|in) plant {0:03}/i)"},
     {Field::body, R"(/call (?<who>\w+) at once, site {0:03}/)"}}};

policy::Rule rule_of(const RuleText& text, std::size_t number) {
    auto pattern = policy::Pattern::compile(text.pattern);
    if (!pattern) throw std::runtime_error(text.pattern + ": " + pattern.error().text);
    policy::Rule rule;
    rule.name = fmt::format("rule {}", number);
    rule.when = {policy::FieldTest{text.field, {}, {std::move(*pattern)}}};
    rule.then = {policy::Raise{"emergency"}};
    rule.on_limit = policy::OnLimit::match;
    return rule;
}

}  // namespace

std::vector<RuleText> alert_rules(int count) {
    std::vector<RuleText> rules;
    for (int i = 0; i < count; ++i) {
        const Kind& kind = kinds.at(static_cast<std::size_t>(i) % kinds.size());
        rules.push_back({kind.field, fmt::format(fmt::runtime(kind.form), i / 10)});
    }
    return rules;
}

RuleText matching_rule() { return {Field::body, R"(/^Reference: (?<reference>BENCH-\d+)/m)"}; }

policy::Policy policy_of(const std::vector<RuleText>& rules) {
    std::vector<policy::Rule> all;
    for (const RuleText& text : rules) all.push_back(rule_of(text, all.size()));
    policy::Alert alert;
    alert.name = "emergency";
    alert.say = "{subject}";
    alert.key = "{reference}";
    return policy::Policy(std::move(all), {}, {}, {alert});
}

}  // namespace mailrota::bench
