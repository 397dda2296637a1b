#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mailrota::ctl {

// Something to say of a line of a procmailrc. Lines count from 1.
struct Remark {
    std::size_t line = 0;
    std::string text;
};

// NAME=value, as it was written; quotes around the whole value are gone.
struct ProcmailVariable {
    std::size_t line = 0;
    std::string name;
    std::string value;
};

// One recipe of a procmailrc (procmailrc(5)): ":0 flags : lock", conditions, and what is done.
struct ProcmailRecipe {
    struct Condition {
        std::size_t line = 0;
        std::string text;  // without "*" and the blanks around it
    };
    enum class Action { mailbox, pipe, forward, into_variable, block };

    std::size_t line = 0;
    std::string flags;
    std::string lock;     // the name of a lock file; may be empty
    bool locked = false;  // also without a name
    std::vector<Condition> conditions;
    Action action = Action::mailbox;
    std::size_t action_line = 0;
    std::string text;                         // what stands after "|" or "!"; the mailbox
    std::vector<ProcmailVariable> variables;  // of a block
    std::vector<ProcmailRecipe> recipes;      // of a block, in order

    bool has(char flag) const { return flags.find(flag) != std::string::npos; }
};

struct Procmailrc {
    std::vector<ProcmailVariable> variables;
    std::vector<ProcmailRecipe> recipes;
    std::vector<Remark> remarks;  // lines that are no part of either
};

// Reads a procmailrc of any content, in linear time; nesting beyond 20 blocks is left out, which is said.
Procmailrc read_procmailrc(std::string_view text);

}  // namespace mailrota::ctl
