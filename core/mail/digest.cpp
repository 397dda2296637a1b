#include "core/mail/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>
#include <memory>

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

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Kept by each thread: making one costs more than digesting a header.
EVP_MD_CTX* thread_context() {
    thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    if (!context) {
        std::abort();  // only without memory
    }
    return context.get();
}

}  // namespace

Digest digest_of(std::span<const std::string_view> fields) {
    EVP_MD_CTX* const running = thread_context();
    bool well = EVP_DigestInit_ex(running, sha256(), nullptr) == 1;
    for (const std::string_view field : fields) {
        const std::string length = std::to_string(field.size()) + ":";
        well = well && EVP_DigestUpdate(running, length.data(), length.size()) == 1 &&
               EVP_DigestUpdate(running, field.data(), field.size()) == 1;
    }
    Digest digest{};
    if (!well || EVP_DigestFinal_ex(running, digest.data(), nullptr) != 1) {
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
    out.reserve(2 * bytes.size());
    for (const std::uint8_t byte : bytes) {
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

}  // namespace mailrota::mail
