#include "tests/fakes/signing.h"

#include <gmock/gmock.h>
#include <openssl/pem.h>

#include <boost/asio/system_executor.hpp>
#include <memory>

#include "tests/fakes/encoding.h"
#include "tests/fakes/exchange.h"
#include "tests/fakes/world.h"

namespace mailrota::fakes {
namespace {

using testing::SizeIs;

constexpr auto our_id = "0123456789abcdef0123456789abcdef";

/// Whether `signature` (raw) of `bytes` is by the owner of the key.
bool is_signed(EVP_PKEY* key, const EVP_MD* digest, const std::string& bytes, const std::string& signature) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> state(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestVerifyInit(state.get(), nullptr, digest, nullptr, key);
    return EVP_DigestVerify(state.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                            signature.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                            bytes.size()) == 1;
}

std::string header(const HookPost& post, std::string_view name) {
    return find_field(post.headers, name).value_or("");
}

HookEvent delivered() {
    HookEvent event;
    event.type = "delivered";
    event.our_id = our_id;
    event.message_id = "m1";
    event.recipient = "bob@example.net";
    event.event_id = "fedcba9876543210fedcba9876543210";
    event.at = current_second();
    event.words = "250 ok";
    return event;
}

/// One world for all tests: its keys take a while to make.
class SigningTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { shared_ = std::make_unique<World>(boost::asio::system_executor()); }
    static void TearDownTestSuite() { shared_.reset(); }

    std::vector<HookPost> posts(const std::string& kind, const HookOrder& order = {}) {
        return world_.provider(kind)->posts({delivered()}, order);
    }

  private:
    static std::unique_ptr<World> shared_;

  protected:
    World& world_ = *shared_;
};
std::unique_ptr<World> SigningTest::shared_;

TEST(HmacTest, GivesWhatThePublishedVectorsSay) {
    EXPECT_EQ(to_hex(hmac_sha256("key", "The quick brown fox jumps over the lazy dog")),
              "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
    EXPECT_EQ(to_hex(hmac_sha1("key", "The quick brown fox jumps over the lazy dog")),
              "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9");
    const auto key = from_base64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value_or("");
    EXPECT_EQ(to_base64(hmac_sha256(key, "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}")),
              "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_F(SigningTest, SendGridSignsTimestampAndBodyWithTheKeyThatItTells) {
    const auto post = posts("sendgrid").at(0);
    const auto spki = from_base64(world_.keys.sendgrid_public_key()).value_or("");
    const auto* der = reinterpret_cast<const unsigned char*>(spki.data());
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        d2i_PUBKEY(nullptr, &der, static_cast<long>(spki.size())), EVP_PKEY_free);
    const auto is_right = [&](const HookPost& one) {
        return is_signed(key.get(), EVP_sha256(),
                         header(one, "X-Twilio-Email-Event-Webhook-Timestamp") + one.body,
                         from_base64(header(one, "X-Twilio-Email-Event-Webhook-Signature")).value_or(""));
    };
    EXPECT_TRUE(is_right(post));
    EXPECT_TRUE(post.body.ends_with("]\r\n"));
    EXPECT_FALSE(is_right(posts("sendgrid", {.url = "", .signed_at = {}, .wrong_key = true}).at(0)));
    EXPECT_FALSE(is_right(posts("sendgrid", {.url = "", .signed_at = {}, .alter = true}).at(0)));
}

TEST_F(SigningTest, MailgunSignsTimestampAndToken) {
    const auto body = parse_json(posts("mailgun").at(0).body).value_or(nullptr);
    const auto& signature = body.as_object().at("signature").as_object();
    EXPECT_EQ(text_at(signature, "signature"),
              to_hex(hmac_sha256("mailgun-signing-key",
                                 text_at(signature, "timestamp") + text_at(signature, "token"))));
    EXPECT_EQ(text_at(body.at("event-data").at("user-variables").as_object(), "mailrota_id"), our_id);
}

TEST_F(SigningTest, MandrillSignsUrlAndForm) {
    HookOrder order;
    order.url = "https://u:p@relay.example.net/hook/mandrill?n=1";
    const auto post = posts("mandrill", order).at(0);
    const auto form = parse_urlencoded(post.body);
    ASSERT_THAT(form, SizeIs(1));
    EXPECT_EQ(header(post, "X-Mandrill-Signature"),
              to_base64(hmac_sha1("mandrill-webhook-key", order.url + "mandrill_events" + form[0].second)));
    order.url = "https://relay.example.net/hook/mandrill";
    const auto probe = world_.provider("mandrill")->posts({}, order).at(0);
    EXPECT_EQ(header(probe, "X-Mandrill-Signature"), "8PsFkq6rXmG4L9ol+r7k9t7aiRg=");
}

TEST_F(SigningTest, SnsSignsItsEnvelopeWithTheCertificateThatItServes) {
    auto event = delivered();
    for (const char* version : {"1", "2"}) {
        event.overrides = {{"sns", {{"SignatureVersion", version}}}};
        const auto post = world_.provider("ses")->posts({event}, {}).at(0);
        const auto value = parse_json(post.body).value_or(nullptr);
        const auto& envelope = value.as_object();
        std::string text;
        for (const char* name : {"Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"})
            text += std::string(name) + "\n" + text_at(envelope, name) + "\n";
        Request request;
        request.method = "GET";
        request.path = "/SimpleNotificationService-fake.pem";
        const auto pem = world_.provider("ses")->answer(request).body;
        const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
            BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
        const std::unique_ptr<X509, decltype(&X509_free)> certificate(
            PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
        EXPECT_TRUE(is_signed(X509_get0_pubkey(certificate.get()),
                              *version == '1' ? EVP_sha1() : EVP_sha256(), text,
                              from_base64(text_at(envelope, "Signature")).value_or("")));
    }
}

TEST_F(SigningTest, ResendSignsAsStandardWebhooksDo) {
    world_.provider("resend")->account().webhook_key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    HookOrder order;
    order.signed_at = Seconds(std::chrono::seconds(1614265330));
    const auto post = posts("resend", order).at(0);
    const auto key = from_base64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value_or("");
    EXPECT_EQ(header(post, "svix-signature"),
              "v1," + to_base64(hmac_sha256(key, header(post, "svix-id") + ".1614265330." + post.body)));
}

TEST_F(SigningTest, BasicAuthenticationIsWhatOthersHave) {
    EXPECT_EQ(header(posts("postmark").at(0), "Authorization"),
              "Basic " + to_base64("postmark:postmark-hook"));
    EXPECT_EQ(header(posts("sparkpost").at(0), "Authorization"),
              "Basic " + to_base64("sparkpost:sparkpost-hook"));
}

}  // namespace
}  // namespace mailrota::fakes
