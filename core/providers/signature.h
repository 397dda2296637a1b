#pragma once

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

// What webhooks are signed with. Keys, texts and signatures may be any bytes; none of it is logged or thrown.
namespace mailrota::providers {

enum class Hash { sha1, sha256 };

// The HMAC of `text` (RFC 2104), as bytes.
std::string hmac(Hash hash, std::string_view key, std::string_view text);

// The bytes that `text` stands for (RFC 4648 section 4), padded to fours. Nothing if it is not that.
std::optional<std::string> from_base64(std::string_view text);

// Whether two texts are equal, in a time that depends on their lengths only.
bool same_text(std::string_view a, std::string_view b);

// Whether `signature` (DER) is that of the elliptic curve key `spki` (DER) over the SHA-256 of the pieces one
// after the other. False also for a key that is none.
bool signed_by_curve(std::string_view spki, std::string_view signature,
                     std::initializer_list<std::string_view> pieces);

// A certificate's word on a signature by its RSA key (PKCS #1 version 1.5).
enum class Certified { yes, no, no_certificate, out_of_date };
Certified signed_by_certificate(std::string_view pem, Hash hash, std::string_view signature,
                                std::string_view text, std::chrono::sys_seconds at);

}  // namespace mailrota::providers
