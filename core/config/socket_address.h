#pragma once

#include <string>
#include <string_view>

#include "core/mail/result.h"

namespace mailrota::config {

// A listener's socket in libmilter's form: "unix:/path", "inet:port@host" or "inet6:port@host". Taken are
// also "local:/path", "inet:host:port" as Postfix writes it, and brackets around an IPv6 address.
Result<std::string> parse_socket(std::string_view text);

}  // namespace mailrota::config
