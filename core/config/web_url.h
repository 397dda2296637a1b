#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/mail/result.h"

namespace mailrota::config {

// An http:// or https:// URL, taken apart.
struct WebUrl {
    bool tls = false;
    std::string host;        // without brackets
    std::uint16_t port = 0;  // 80 or 443 if it is not written
    std::string path;        // with the slash before it; may be empty
    bool user = false;       // a user or password stands before the host
    bool query = false;      // something follows the path: ?query or #fragment

    bool operator==(const WebUrl&) const = default;
};

// Errors are `invalid` and say what is wrong without a piece of the text, which may hold a secret.
Result<WebUrl> parse_web_url(std::string_view text);

// "localhost", 127.0.0.0/8 and ::1, without brackets: what never leaves the machine.
bool is_loopback_host(std::string_view host);

}  // namespace mailrota::config
