#include "core/providers/signature.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <limits>
#include <memory>

#include "core/mail/release.h"

namespace mailrota::providers {
namespace {

using mail::Release;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;

constexpr std::size_t longest_key = 16'384;  // bytes of a key or certificate that is looked at

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

const EVP_MD* digest(Hash hash) { return hash == Hash::sha1 ? EVP_sha1() : EVP_sha256(); }

bool verifies(EVP_PKEY* key, Hash hash, std::string_view signature,
              std::initializer_list<std::string_view> pieces) {
    const Context context(EVP_MD_CTX_new());
    bool well = context && EVP_DigestVerifyInit(context.get(), nullptr, digest(hash), nullptr, key) == 1;
    for (const std::string_view piece : pieces)
        well = well && EVP_DigestVerifyUpdate(context.get(), piece.data(), piece.size()) == 1;
    well = well && EVP_DigestVerifyFinal(context.get(), bytes(signature), signature.size()) == 1;
    ERR_clear_error();  // what is left there would be blamed on the next call of this thread
    return well;
}

Certificate read_certificate(std::string_view pem) {
    if (pem.size() > longest_key) return nullptr;
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    Certificate certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
    ERR_clear_error();
    return certificate;
}

}  // namespace

std::string hmac(Hash hash, std::string_view key, std::string_view text) {
    std::string mac(EVP_MAX_MD_SIZE, '\0');
    unsigned length = 0;
    if (key.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
        HMAC(digest(hash), key.data(), static_cast<int>(key.size()), bytes(text), text.size(),
             reinterpret_cast<unsigned char*>(mac.data()), &length) == nullptr)
        std::abort();  // only without memory, or for a key of gigabytes
    mac.resize(length);
    return mac;
}

std::optional<std::string> from_base64(std::string_view text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (text.empty() || text.size() % 4 != 0 || text.size() > longest_key) return std::nullopt;
    const std::size_t end = text.find_last_not_of('=') + 1;
    if (text.size() - end > 2 || text.substr(0, end).find_first_not_of(alphabet) != std::string_view::npos)
        return std::nullopt;
    std::string decoded(text.size() / 4 * 3, '\0');
    if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()), bytes(text),
                        static_cast<int>(text.size())) < 0)
        return std::nullopt;
    decoded.resize(decoded.size() - (text.size() - end));
    return decoded;
}

bool same_text(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool signed_by_curve(std::string_view spki, std::string_view signature,
                     std::initializer_list<std::string_view> pieces) {
    const unsigned char* at = bytes(spki);
    const Key key(spki.size() > longest_key ? nullptr
                                            : d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
    ERR_clear_error();
    return key && EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_EC &&
           verifies(key.get(), Hash::sha256, signature, pieces);
}

Certified signed_by_certificate(std::string_view pem, Hash hash, std::string_view signature,
                                std::string_view text, std::chrono::sys_seconds at) {
    const Certificate certificate = read_certificate(pem);
    if (!certificate) return Certified::no_certificate;
    const Key key(X509_get_pubkey(certificate.get()));
    ERR_clear_error();
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return Certified::no_certificate;
    std::time_t clock = at.time_since_epoch().count();
    if (X509_cmp_time(X509_get0_notBefore(certificate.get()), &clock) > 0 ||
        X509_cmp_time(X509_get0_notAfter(certificate.get()), &clock) < 0)
        return Certified::out_of_date;
    return verifies(key.get(), hash, signature, {text}) ? Certified::yes : Certified::no;
}

}  // namespace mailrota::providers
