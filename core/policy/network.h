#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/mail/result.h"

namespace mailrota::policy {

// An IPv4 or IPv6 network, for client_ip. A value.
struct Network {
    std::string text;
    std::array<std::uint8_t, 16> bytes{};  // IPv4 mapped into ::ffff:0:0/96
    int prefix = 128;

    // "192.0.2.0/24", "2001:db8::1"; bits beyond the prefix are an error, because one of the two is then a
    // slip.
    static Result<Network> parse(std::string_view text);
    bool holds(std::string_view ip) const;  // false for what is no address
    bool operator==(const Network&) const = default;
};

}  // namespace mailrota::policy
