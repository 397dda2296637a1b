#pragma once

#include <string_view>

namespace mailrota::policy {

// A subject without the prefixes of replies and forwards at its start: "Re: AW[2]: Fwd: disk full". They nest
// and mix in any language.
struct PrefixedSubject {
    enum class Kind { none, reply, forward };

    Kind outermost = Kind::none;  // what the mail itself is
    std::string_view rest;        // into the subject, without blanks before it
};
PrefixedSubject take_prefixes(std::string_view subject);

}  // namespace mailrota::policy
