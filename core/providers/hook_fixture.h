#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <boost/json.hpp>
#include <cctype>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/providers/base64.h"
#include "core/providers/webhook.h"

// For tests of webhooks: requests, and keys that sign as providers do.
namespace mailrota::providers {

inline HookRequest post(std::string body, std::vector<std::pair<std::string, std::string>> headers = {}) {
    return {"POST", std::move(headers), std::move(body)};
}

inline std::chrono::sys_seconds at(std::int64_t seconds) {
    return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

inline bool genuine(const Verdict& verdict) { return std::holds_alternative<Genuine>(verdict); }

inline int status_of(const Verdict& verdict) {
    const auto* forged = std::get_if<Forged>(&verdict);
    return forged == nullptr ? 0 : forged->status;
}

// Why it is forged; empty if it is not.
inline std::string why(const Verdict& verdict) {
    const auto* forged = std::get_if<Forged>(&verdict);
    return forged == nullptr ? std::string() : forged->why;
}

// What the webhook of `kind` makes of a body.
inline HookNews read(config::ProviderSettings::Kind kind, std::string body,
                     std::vector<std::pair<std::string, std::string>> headers = {}) {
    auto news = make_webhook(kind)->parse(post(std::move(body), std::move(headers)));
    EXPECT_TRUE(news) << (news ? "" : news.error().text);
    return news.value_or(HookNews());
}

// The event of news that must be one event and nothing else.
inline mail::MailEvent only(const HookNews& news) {
    EXPECT_EQ(news.events.size(), 1U);
    EXPECT_EQ(news.unreadable, 0U);
    return news.events.empty() ? mail::MailEvent() : news.events.front();
}

// A body of Mailgun's.
inline std::string mailgun(const std::string& fields) {
    return R"({"signature":{"timestamp":"1700000000","token":"t1","signature":"s"},"event-data":{)" + fields +
           "}}";
}

// As a form's value: every byte that could mean something there is written as %XX.
inline std::string form_of(const std::string& text) {
    std::string form = "mandrill_events=";
    for (const unsigned char c : text) {
        constexpr const char* digits = "0123456789ABCDEF";
        if (std::isalnum(c) != 0)
            form += static_cast<char>(c);
        else
            form.append(1, '%').append(1, digits[c >> 4]).append(1, digits[c & 15]);
    }
    return form;
}

// A notification of SNS that holds an event.
inline std::string sns_of(const std::string& event) {
    return boost::json::serialize(
        boost::json::object{{"Type", "Notification"}, {"MessageId", "n1"}, {"Message", event}});
}

// A key pair of the kind that OpenSSL makes for `type` ("EC", "RSA").
class SigningKey {
  public:
    static SigningKey curve() { return SigningKey(EVP_EC_gen("P-256")); }
    static SigningKey rsa() { return SigningKey(EVP_RSA_gen(2048)); }

    // base64 of the public key as SubjectPublicKeyInfo
    std::string spki() const {
        unsigned char* der = nullptr;
        const int size = i2d_PUBKEY(key_.get(), &der);
        const std::string text = base64({reinterpret_cast<char*>(der), static_cast<std::size_t>(size)});
        OPENSSL_free(der);
        return text;
    }

    // base64 of the signature
    std::string sign(std::string_view text, const EVP_MD* digest = EVP_sha256()) const {
        std::string signature(1'000, '\0');
        std::size_t size = signature.size();
        EVP_MD_CTX* context = EVP_MD_CTX_new();
        EVP_DigestSignInit(context, nullptr, digest, nullptr, key_.get());
        EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size());
        EVP_MD_CTX_free(context);
        signature.resize(size);
        return base64(signature);
    }

    // A certificate (PEM) of the key, signed by itself.
    std::string certificate(std::chrono::sys_seconds from, std::chrono::sys_seconds until) const {
        X509* certificate = X509_new();
        ASN1_TIME_set(X509_getm_notBefore(certificate), from.time_since_epoch().count());
        ASN1_TIME_set(X509_getm_notAfter(certificate), until.time_since_epoch().count());
        X509_set_pubkey(certificate, key_.get());
        X509_sign(certificate, key_.get(), EVP_sha256());
        BIO* bio = BIO_new(BIO_s_mem());
        PEM_write_bio_X509(bio, certificate);
        char* data = nullptr;
        const long size = BIO_get_mem_data(bio, &data);
        std::string pem(data, static_cast<std::size_t>(size));
        BIO_free(bio);
        X509_free(certificate);
        return pem;
    }

  private:
    struct Free {
        void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    };
    explicit SigningKey(EVP_PKEY* key) : key_(key) {}

    std::unique_ptr<EVP_PKEY, Free> key_;
};

}  // namespace mailrota::providers
