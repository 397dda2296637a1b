#pragma once

#include <string>
#include <vector>

#include "core/policy/rule.h"

namespace mailrota::milter {

// An SMTP reply in the form that libmilter takes.
struct ReplyText {
    std::string code;                // "451"
    std::string enhanced;            // "4.7.1", always of the code's class
    std::vector<std::string> lines;  // 1 … 32, each of at most 980 bytes, '%' doubled
};

// Text outside ASCII becomes '?', controls are dropped, long lines are cut into several; what is more than 32
// lines is lost. A code that is neither 4yz nor 5yz becomes 451. Pure.
ReplyText reply_text(const policy::Reply& reply);

}  // namespace mailrota::milter
