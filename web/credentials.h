#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace mailrota::web {

// What a client shows of itself in the field Authorization.
struct NoCredentials {};
struct BearerToken {  // RFC 6750
    std::string token;
};
struct BasicCredentials {  // RFC 7617
    std::string user;      // as bytes; no colon in it
    std::string password;
};
using Credentials = std::variant<NoCredentials, BearerToken, BasicCredentials>;

// Other schemes and malformed values are none. Pure.
Credentials parse_credentials(std::string_view authorization);

}  // namespace mailrota::web
