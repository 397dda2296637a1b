#include "core/providers/sns.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "core/providers/hook_fixture.h"

namespace mailrota::providers {
namespace {

namespace json = boost::json;
using testing::IsEmpty;

const std::string topic = "arn:aws:sns:eu-west-1:123456789012:mail-events";
const std::string certificate_url = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b.pem";
const std::string subscribe_url =
    "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=x&Token=y";
const auto noon = at(1'700'000'000);

class Sns : public testing::Test {
  protected:
    Sns() {
        keys_.topics = {"arn:aws:sns:eu-west-1:123456789012:other", topic};
        keys_.certificates[certificate_url] =
            key_.certificate(noon - std::chrono::hours(24), noon + std::chrono::hours(24 * 300));
    }

    static json::object notification() {
        return {{"Type", "Notification"},
                {"MessageId", "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324"},
                {"TopicArn", topic},
                {"Subject", "Amazon SES"},
                {"Message", "{\"eventType\":\"Send\",\"mail\":{}}\n"},
                {"Timestamp", "2023-11-14T22:13:20.000Z"},
                {"SignatureVersion", "1"},
                {"SigningCertURL", certificate_url},
                {"UnsubscribeURL", "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe"}};
    }
    static json::object confirmation() {
        auto object = notification();
        object.erase("Subject");
        object["Type"] = "SubscriptionConfirmation";
        object["SubscribeURL"] = subscribe_url;
        object["Token"] = "2336412f37";
        return object;
    }

    // Signed as Amazon does it, spelt out here anew.
    json::object signed_with(json::object object, const SigningKey& key) const {
        std::string text;
        for (const char* name :
             {"Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"})
            if (object.contains(name))
                text += std::string(name) + "\n" + object.at(name).as_string().c_str() + "\n";
        const bool second = object.at("SignatureVersion") == "2";
        object["Signature"] = key.sign(text, second ? EVP_sha256() : EVP_sha1());
        return object;
    }

    Verdict verify(const json::object& object) const {
        return hook_->verify(post(json::serialize(object)), keys_, noon);
    }

    // Made once: it takes long.
    static const SigningKey& key() {
        static const SigningKey made = SigningKey::rsa();
        return made;
    }

    const SigningKey& key_ = key();
    HookKeys keys_;
    std::unique_ptr<Webhook> hook_ = make_webhook(config::ProviderSettings::Kind::ses);
};

TEST_F(Sns, SignaturesOfBothVersionsFit) {
    for (const char* version : {"1", "2"})
        for (auto object : {notification(), confirmation()}) {
            object["SignatureVersion"] = version;
            EXPECT_THAT(why(verify(signed_with(object, key_))), IsEmpty()) << version;
        }
}

TEST_F(Sns, OtherVersionsAreRefused) {
    for (const char* version : {"0", "3", ""}) {
        auto object = signed_with(notification(), key_);
        object["SignatureVersion"] = version;
        EXPECT_EQ(status_of(verify(object)), 403);
    }
}

TEST_F(Sns, EveryMemberThatIsSignedMustBeAsItWas) {
    const auto whole = signed_with(confirmation(), key_);
    for (const char* name :
         {"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"}) {
        auto object = whole;
        object[name].as_string().push_back('x');
        EXPECT_NE(status_of(verify(object)), 0) << name;
    }
    auto object = whole;
    object["Subject"] = "added";
    EXPECT_EQ(status_of(verify(object)), 403);
}

TEST_F(Sns, AnotherKeyDoesNotFit) {
    EXPECT_EQ(status_of(verify(signed_with(notification(), SigningKey::rsa()))), 403);
}

TEST_F(Sns, AForeignTopicIsNotBelievedHoweverItIsSigned) {
    for (auto object : {notification(), confirmation()}) {
        object["TopicArn"] = "arn:aws:sns:eu-west-1:999999999999:mail-events";
        EXPECT_EQ(why(verify(signed_with(object, key_))), "not of a topic that is configured");
    }
    keys_.topics.clear();
    EXPECT_NE(status_of(verify(signed_with(notification(), key_))), 0);
}

TEST_F(Sns, AnUnknownCertificateIsAskedFor) {
    auto object = signed_with(notification(), key_);
    keys_.certificates.clear();
    const Verdict verdict = verify(object);
    ASSERT_TRUE(std::holds_alternative<NeedsCertificate>(verdict));
    EXPECT_EQ(std::get<NeedsCertificate>(verdict).url, certificate_url);
}

TEST_F(Sns, ACertificateAtAForeignHostIsNeverAskedFor) {
    keys_.certificates.clear();
    for (const char* url :
         {"https://sns.eu-west-1.amazonaws.com.example.com/a.pem",
          "https://example.com/sns.eu-west-1.amazonaws.com/a.pem", "http://sns.eu-west-1.amazonaws.com/a.pem",
          "https://sns.eu-west-1.amazonaws.com/a.pem?x=.pem",
          "https://sns.eu-west-1.amazonaws.com@example.com/a.pem",
          "https://sns.eu-west-1.amazonaws.com:8443/a.pem", "https://sns.eu-west-1.amazonaws.com/a.txt",
          "https://sns.eu.amazonaws.com/a.pem", "https://sns.a.b.amazonaws.com/a.pem",
          "https://sns.amazonaws.com/a.pem", "https://sns.eu-west-1.amazonaws.com\\.example.com/a.pem",
          "https://example.com#sns.eu-west-1.amazonaws.com/a.pem", "https://sns.eu-west-1.amazonaws.com",
          ""}) {
        auto object = notification();
        object["SigningCertURL"] = url;
        EXPECT_EQ(status_of(verify(signed_with(object, key_))), 403) << url;
    }
}

TEST(SnsUrl, HostsOfAmazonAreKnown) {
    EXPECT_TRUE(is_sns_url("https://sns.us-east-1.amazonaws.com/"));
    EXPECT_TRUE(is_sns_url("https://sns.cn-north-1.amazonaws.com.cn/?Action=ConfirmSubscription"));
    EXPECT_FALSE(is_sns_url("https://sns.us-east-1.amazonaws.cn/"));
    EXPECT_FALSE(is_sns_url("https://sqs.us-east-1.amazonaws.com/"));
    EXPECT_FALSE(is_sns_url("https://sns.us-east-1.amazonaws.com/\r\nHost: example.com"));
    EXPECT_FALSE(is_sns_url("https://sns.us-east-1.amazonaws.com/" + std::string(3'000, 'a')));
}

TEST_F(Sns, ACertificateIsGoodForItsTimeOnly) {
    const auto object = signed_with(notification(), key_);
    keys_.certificates[certificate_url] =
        key_.certificate(noon - std::chrono::hours(48), noon - std::chrono::hours(24));
    EXPECT_EQ(why(verify(object)), "the certificate is out of date");
    keys_.certificates[certificate_url] = "no certificate";
    EXPECT_EQ(why(verify(object)), "the certificate cannot be read");
    const auto curve = SigningKey::curve();
    keys_.certificates[certificate_url] =
        curve.certificate(noon - std::chrono::hours(48), noon + std::chrono::hours(24));
    EXPECT_NE(status_of(verify(signed_with(notification(), curve))), 0);
}

TEST_F(Sns, ConfirmationsNameAUrlOfAmazons) {
    const auto request = post(json::serialize(signed_with(confirmation(), key_)));
    const auto news = hook_->parse(request);
    ASSERT_TRUE(news);
    EXPECT_EQ(news->confirm, subscribe_url);
    EXPECT_THAT(news->events, IsEmpty());
    auto foreign = confirmation();
    foreign["SubscribeURL"] = "https://example.com/";
    EXPECT_EQ(status_of(verify(signed_with(foreign, key_))), 403);
}

TEST_F(Sns, OldNotificationsAreNotBelieved) {
    auto object = notification();
    object["Timestamp"] = "2023-10-14T22:13:20.000Z";
    EXPECT_EQ(why(verify(signed_with(object, key_))), "the signature is of another time");
}

TEST_F(Sns, TheGreetingIsNoEvent) {
    auto object = notification();
    object["Message"] = "Successfully validated SNS topic for Amazon SES event publishing.";
    const auto news = hook_->parse(post(json::serialize(object)));
    ASSERT_TRUE(news);
    EXPECT_THAT(news->events, IsEmpty());
    EXPECT_EQ(news->unreadable, 0U);
    object["Message"] = "something else";
    EXPECT_EQ(hook_->parse(post(json::serialize(object)))->unreadable, 1U);
}

}  // namespace
}  // namespace mailrota::providers
