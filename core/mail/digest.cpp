#include "core/mail/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

namespace mailrota::mail {
namespace {

std::string with_lengths(std::span<const std::string> fields) {
    std::string out;
    for (const std::string& field : fields) {
        out += std::to_string(field.size()) + ":" + field;
    }
    return out;
}

// Looked up once: OpenSSL 3 looks the algorithm up by name whenever it is not given a fetched one.
const EVP_MD* sha256() {
    static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return fetched != nullptr ? fetched : EVP_sha256();
}

}  // namespace

Digest digest_of(std::span<const std::string> fields) {
    const std::string bytes = with_lengths(fields);
    Digest digest{};
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, sha256(), nullptr) != 1) {
        std::abort();  // only without memory
    }
    return digest;
}

Digest mac_of(std::span<const std::string> fields, std::span<const std::uint8_t, 32> secret) {
    const std::string bytes = with_lengths(fields);
    Digest mac{};
    unsigned length = 0;
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    if (HMAC(sha256(), secret.data(), static_cast<int>(secret.size()), data, bytes.size(), mac.data(),
             &length) == nullptr) {
        std::abort();  // only without memory
    }
    return mac;
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t byte : bytes) {
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

}  // namespace mailrota::mail
