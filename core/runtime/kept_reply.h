#pragma once

#include <string>

#include "core/wire/reply.h"

namespace mailrota::runtime {

// Another server's reply as journal, stories and logs keep it: one line of valid UTF-8 without control
// characters, since databases take text while servers say bytes, of 1,000 bytes at most, since a server may
// say much more. Pure.
std::string kept_line(const wire::Reply& reply);
// Its words alone, the same way.
std::string kept_text(const wire::Reply& reply);

}  // namespace mailrota::runtime
