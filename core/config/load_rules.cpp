#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/config/draft.h"
#include "core/config/load_actions.h"
#include "core/config/load_conditions.h"

namespace mailrota::config {

namespace {

// A rule that may have to ring somebody rings in doubt.
policy::OnLimit load_on_limit(const Section& section, const policy::Rule& rule) {
    const auto choice = section.choice("on_limit", {"match", "no-match", "defer"});
    if (choice) return static_cast<policy::OnLimit>(*choice);
    const bool raises = std::any_of(rule.then.begin(), rule.then.end(), [](const policy::Action& action) {
        return std::holds_alternative<policy::Raise>(action);
    });
    return raises ? policy::OnLimit::match : policy::OnLimit::defer;
}

std::string load_name(const Section& section, std::size_t number) {
    const auto name = section.text("name");
    if (name && name->empty()) section.error("name", "is empty");
    return name ? *name : fmt::format("rule {}", number);
}

RuleDraft load_rule(const Section& section, std::size_t number, Draft& draft) {
    RuleDraft out;
    out.line = section.line();
    out.rule.where = fmt::format("{}:{}", draft.config.file, out.line);
    out.rule.name = load_name(section, number);
    MatcherReader matchers(draft, section.diagnostics());
    if (const auto when = section.section("when")) out.rule.when = load_condition(*when, matchers);
    out.captures = matchers.captures();
    load_actions(section, out.captures, draft, out);
    out.rule.on_limit = load_on_limit(section, out.rule);
    if (section.choice("on_error", {"defer", "pass"}) == 1U) out.rule.on_error = policy::OnError::pass;
    return out;
}

}  // namespace

void load_rules(const Section& top, Draft& draft) {
    std::map<std::string, std::uint32_t> lines;
    for (const Section& section : top.sections("rule", "[[rule]]")) {
        RuleDraft rule = load_rule(section, draft.rules.size() + 1, draft);
        const auto [earlier, is_new] = lines.emplace(rule.rule.name, rule.line);
        if (!is_new) {
            section.error("name",
                          fmt::format("{} is the name of the rule in line {}, too", quoted(rule.rule.name),
                                      earlier->second),
                          "give each rule a name of its own");
        }
        draft.rules.push_back(std::move(rule));
    }
}

}  // namespace mailrota::config
