#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mailrota::fakes {

// All values are raw bytes unless the name says otherwise. A failure of OpenSSL is a std::runtime_error.

std::string sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);
std::string hmac_sha1(std::string_view key, std::string_view bytes);

/// A private key and what is made with it. Moves, does not copy.
class SigningKey {
  public:
    static SigningKey elliptic();  ///< P-256
    static SigningKey rsa();       ///< 2048 bits
    static SigningKey from_pem(const std::string& pem);

    enum class Digest { sha1, sha256 };
    std::string sign(std::string_view bytes, Digest digest = Digest::sha256) const;
    std::string public_spki() const;  ///< DER
    std::string private_pem() const;
    EVP_PKEY* get() const { return key_.get(); }

  private:
    explicit SigningKey(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {}
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

/// A certificate of `key` for these host names ("127.0.0.1" among them becomes an address), valid from
/// yesterday for ten years, in PEM. It is signed by the issuer; without one it signs itself and may sign
/// others.
struct Issuer {
    const SigningKey* key = nullptr;
    std::string certificate_pem;
};
std::string make_certificate(const SigningKey& key, const std::vector<std::string>& hosts,
                             const Issuer& issuer = {});

}  // namespace mailrota::fakes
