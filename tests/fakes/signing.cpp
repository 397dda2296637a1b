#include "tests/fakes/signing.h"

#include <openssl/bio.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <stdexcept>

namespace mailrota::fakes {

namespace {

template <class T>
T* made(T* object, const char* what) {
    if (!object) throw std::runtime_error(std::string("OpenSSL: ") + what);
    return object;
}
void done(int result, const char* what) {
    if (result <= 0) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

const unsigned char* octets(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string hmac(const EVP_MD* digest, std::string_view key, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
    unsigned size = 0;
    made(HMAC(digest, key.data(), static_cast<int>(key.size()), octets(bytes), bytes.size(), code.data(),
              &size),
         "HMAC");
    return std::string(reinterpret_cast<const char*>(code.data()), size);
}

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
Bio memory() { return Bio(made(BIO_new(BIO_s_mem()), "BIO_new"), BIO_free); }
std::string text_of(const Bio& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
Certificate read_certificate(const std::string& pem) {
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    return Certificate(made(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), "PEM_read_bio_X509"),
                       X509_free);
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        made(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()), "X509V3_EXT_conf_nid"),
        X509_EXTENSION_free);
    done(X509_add_ext(certificate, extension.get(), -1), "X509_add_ext");
}

std::string alternative_names(const std::vector<std::string>& hosts) {
    std::string names;
    for (const auto& host : hosts)
        names += (names.empty() ? "" : ",") + std::string(host == "127.0.0.1" ? "IP:" : "DNS:") + host;
    return names;
}

void fill(X509* certificate, const SigningKey& key, const std::string& name) {
    constexpr long day = 24L * 3600;
    std::uint32_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), static_cast<long>(serial >> 1) + 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -day);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3650 * day);
    done(X509_set_pubkey(certificate, key.get()), "X509_set_pubkey");
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, octets(name), -1, -1,
                               0);
}

}  // namespace

std::string sha256(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
    unsigned size = 0;
    done(EVP_Digest(bytes.data(), bytes.size(), code.data(), &size, EVP_sha256(), nullptr), "EVP_Digest");
    return std::string(reinterpret_cast<const char*>(code.data()), size);
}
std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    return hmac(EVP_sha256(), key, bytes);
}
std::string hmac_sha1(std::string_view key, std::string_view bytes) { return hmac(EVP_sha1(), key, bytes); }

SigningKey SigningKey::elliptic() { return SigningKey(made(EVP_EC_gen("P-256"), "EVP_EC_gen")); }
SigningKey SigningKey::rsa() { return SigningKey(made(EVP_RSA_gen(2048), "EVP_RSA_gen")); }

SigningKey SigningKey::from_pem(const std::string& pem) {
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    return SigningKey(
        made(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), "no private key in PEM"));
}

std::string SigningKey::sign(std::string_view bytes, Digest digest) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> state(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const EVP_MD* kind = digest == Digest::sha1 ? EVP_sha1() : EVP_sha256();
    done(EVP_DigestSignInit(state.get(), nullptr, kind, nullptr, key_.get()), "EVP_DigestSignInit");
    std::size_t size = 0;
    done(EVP_DigestSign(state.get(), nullptr, &size, octets(bytes), bytes.size()), "EVP_DigestSign");
    std::string signature(size, '\0');
    done(EVP_DigestSign(state.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, octets(bytes),
                        bytes.size()),
         "EVP_DigestSign");
    signature.resize(size);
    return signature;
}

std::string SigningKey::public_spki() const {
    const Bio bio = memory();
    done(i2d_PUBKEY_bio(bio.get(), key_.get()), "i2d_PUBKEY_bio");
    return text_of(bio);
}

std::string SigningKey::private_pem() const {
    const Bio bio = memory();
    done(PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr),
         "PEM_write_bio");
    return text_of(bio);
}

std::string make_certificate(const SigningKey& key, const std::vector<std::string>& hosts,
                             const Issuer& issuer) {
    const Certificate certificate(made(X509_new(), "X509_new"), X509_free);
    const Certificate parent(issuer.key ? read_certificate(issuer.certificate_pem).release() : nullptr,
                             X509_free);
    X509* signer = parent ? parent.get() : certificate.get();
    fill(certificate.get(), key, hosts.front());
    done(X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer)), "X509_set_issuer_name");
    add_extension(certificate.get(), signer, NID_basic_constraints,
                  parent ? "critical,CA:FALSE" : "critical,CA:TRUE");
    add_extension(certificate.get(), signer, NID_subject_alt_name, alternative_names(hosts));
    done(X509_sign(certificate.get(), parent ? issuer.key->get() : key.get(), EVP_sha256()), "X509_sign");
    const Bio bio = memory();
    done(PEM_write_bio_X509(bio.get(), certificate.get()), "PEM_write_bio_X509");
    return text_of(bio);
}

}  // namespace mailrota::fakes
