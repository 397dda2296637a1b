#pragma once

#include <map>
#include <string>
#include <vector>

#include "ctl/procmail_recipe.h"

namespace mailrota::ctl {

// The variables that a recipe sees: those of the file and of the blocks around it. Their last values.
using ProcmailScope = std::map<std::string, ProcmailVariable, std::less<>>;

// What a recipe says when it calls.
struct ProcmailText {
    std::string say;                      // a template
    std::string key;                      // a template; empty: none is known
    std::string luck;                     // a file; may be empty
    std::vector<std::string> conditions;  // in TOML: those that find what the templates name
    std::vector<Remark> remarks;
};

// What is between <Say> and </Say> in one of the variables, with what formail, and grep with cut, take from
// the mail as captures; without it, the mail's subject.
ProcmailText text_of(const ProcmailScope& scope);

}  // namespace mailrota::ctl
