#pragma once

#include <string>
#include <string_view>

#include "core/mail/result.h"
#include "ctl/procmail_recipe.h"

namespace mailrota::ctl {

// A text as TOML: '…', or "…" where that cannot be.
std::string toml_text(std::string_view text);

// A pattern of procmail's egrep as one of PCRE2. The error says what has no counterpart.
Result<std::string> pattern_of(std::string_view procmail);

// One condition of a rule in TOML: "{ header.Subject = '/\(New\)/i' }".
struct TurnedCondition {
    std::string toml;
    std::string remark;  // where it is not quite the same; may be empty
};
// A condition of a recipe with these flags. What is looked for in the body is looked for in the text that is
// new in the mail. The error says why it cannot be turned.
Result<TurnedCondition> condition_of(std::string_view condition, const ProcmailRecipe& recipe);

}  // namespace mailrota::ctl
