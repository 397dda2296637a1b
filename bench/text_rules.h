#pragma once

#include <string>
#include <vector>

#include "core/policy/policy.h"

namespace mailrota::bench {

/// One alert rule: a pattern and where it is looked for.
struct RuleText {
    policy::Field field{};
    std::string pattern;  ///< as a configuration has it
};

/// Rules of ten kinds in turn, as an administrator writes them. None matches a mail of text_mails().
std::vector<RuleText> alert_rules(int count);
/// One that matches each of them.
RuleText matching_rule();

/// A policy in which every rule raises an alert. Throws std::runtime_error if a pattern is none.
policy::Policy policy_of(const std::vector<RuleText>& rules);

}  // namespace mailrota::bench
