#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mailrota::mail {

using Digest = std::array<std::uint8_t, 32>;

// SHA-256 of the fields, read where they stand, each preceded by its length (so that no two lists share their
// bytes), the first of them naming the purpose.
Digest digest_of(std::span<const std::string_view> fields);

// HMAC-SHA-256 of the fields, in the same form.
Digest mac_of(std::span<const std::string> fields, std::span<const std::uint8_t, 32> secret);

// Two small hexadecimal digits a byte.
std::string to_hex(std::span<const std::uint8_t> bytes);

}  // namespace mailrota::mail
