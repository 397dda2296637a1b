// Whom each provider's webhook believes. The keys and signatures are public test vectors or made up.
#include <gmock/gmock.h>

#include "core/providers/hook_fixture.h"
#include "core/providers/signature.h"

namespace mailrota::providers {
namespace {

using Kind = config::ProviderSettings::Kind;
using testing::IsEmpty;

constexpr std::string_view sendgrid_key =
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVp"
    "iglSI8eNEc6wEA3F+g==";
constexpr std::string_view sendgrid_body =
    R"([{"email":"hello@world.com","event":"dropped","reason":"Bounced Address",)"
    R"("sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",)"
    R"("sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",)"
    R"("smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}])"
    "\r\n";
const auto sendgrid_time = at(1600112502);

HookRequest sendgrid_post(std::string body = std::string(sendgrid_body)) {
    return post(
        std::move(body),
        {{"X-Twilio-Email-Event-Webhook-Signature",
          "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM="},
         {"x-twilio-email-event-webhook-timestamp", "1600112502"}});
}

HookKeys with_secrets(std::vector<std::string> secrets) {
    HookKeys keys;
    keys.secrets = std::move(secrets);
    return keys;
}

HookKeys with_user() {
    HookKeys keys;
    keys.users = {{"other", "word"}, {"events", "s3:cret"}};
    return keys;
}

TEST(WebhookVerify, EveryKindButSmtpHasAWebhook) {
    for (const Kind kind : {Kind::sendgrid, Kind::mailgun, Kind::mandrill, Kind::ses, Kind::postmark,
                            Kind::sparkpost, Kind::resend})
        EXPECT_TRUE(make_webhook(kind));
    EXPECT_FALSE(make_webhook(Kind::smtp));
}

TEST(WebhookVerify, NothingConfiguredBelievesNobody) {
    for (const Kind kind : {Kind::sendgrid, Kind::mailgun, Kind::mandrill, Kind::ses, Kind::postmark,
                            Kind::sparkpost, Kind::resend})
        for (const char* body : {"", "[]", "{}", "mandrill_events=[]", R"({"signature":{}})"})
            EXPECT_NE(status_of(make_webhook(kind)->verify(post(body), {}, sendgrid_time)), 0) << body;
}

TEST(WebhookVerify, HeadAsksOnlyWhetherThereIsSomebody) {
    for (const Kind kind : {Kind::sendgrid, Kind::mandrill, Kind::sparkpost}) {
        const Verdict verdict = make_webhook(kind)->verify({"HEAD", {}, ""}, with_user(), sendgrid_time);
        ASSERT_TRUE(genuine(verdict));
        EXPECT_TRUE(std::get<Genuine>(verdict).probe);
    }
}

TEST(WebhookVerify, SendgridsOwnVectorFitsWithItsLineBreak) {
    const auto hook = make_webhook(Kind::sendgrid);
    const auto keys = with_secrets({std::string(sendgrid_key)});
    ASSERT_EQ(sendgrid_body.size(), 327U);
    EXPECT_THAT(why(hook->verify(sendgrid_post(), keys, sendgrid_time)), IsEmpty());
    std::string without = std::string(sendgrid_body.substr(0, sendgrid_body.size() - 2));
    EXPECT_EQ(status_of(hook->verify(sendgrid_post(without), keys, sendgrid_time)), 401);
    std::string altered(sendgrid_body);
    altered[100] ^= 1;
    EXPECT_EQ(status_of(hook->verify(sendgrid_post(altered), keys, sendgrid_time)), 401);
    EXPECT_EQ(status_of(hook->verify(post(std::string(sendgrid_body)), keys, sendgrid_time)), 401);
}

TEST(WebhookVerify, SendgridTakesTwoKeysWhileTheyAreChanged) {
    const auto hook = make_webhook(Kind::sendgrid);
    const std::string other = SigningKey::curve().spki();
    EXPECT_TRUE(genuine(
        hook->verify(sendgrid_post(), with_secrets({other, std::string(sendgrid_key)}), sendgrid_time)));
    for (const std::string& wrong :
         {other, std::string("no key"), std::string("AAAA"), SigningKey::rsa().spki()})
        EXPECT_EQ(status_of(hook->verify(sendgrid_post(), with_secrets({wrong}), sendgrid_time)), 401);
}

TEST(WebhookVerify, SendgridsRepeatsOfADayFitAndAWeekLaterNothingDoes) {
    const auto hook = make_webhook(Kind::sendgrid);
    const auto keys = with_secrets({std::string(sendgrid_key)});
    using std::chrono::hours;
    EXPECT_TRUE(genuine(hook->verify(sendgrid_post(), keys, sendgrid_time + hours(30))));
    EXPECT_FALSE(genuine(hook->verify(sendgrid_post(), keys, sendgrid_time + hours(24 * 8))));
    EXPECT_FALSE(genuine(hook->verify(sendgrid_post(), keys, sendgrid_time - hours(1))));
    auto retold = sendgrid_post();
    retold.headers[1].second = "1600112503";
    EXPECT_FALSE(genuine(hook->verify(retold, keys, sendgrid_time)));
}

HookRequest svix_post(std::string signatures) {
    return post(R"({"test": 2432232314})", {{"svix-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"},
                                            {"svix-timestamp", "1614265330"},
                                            {"svix-signature", std::move(signatures)}});
}
const std::string svix_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const std::string svix_signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

TEST(WebhookVerify, ResendsSignatureFitsAmongOthersAndUnderBothNames) {
    const auto hook = make_webhook(Kind::resend);
    const auto keys = with_secrets({"whsec_AAAA", svix_secret});
    const Verdict verdict = hook->verify(svix_post(svix_signature), keys, at(1614265330));
    ASSERT_THAT(why(verdict), IsEmpty());
    EXPECT_EQ(std::get<Genuine>(verdict).token, "msg_p5jXN8AQM9LWM0D4loKWxJek");
    EXPECT_GE(std::get<Genuine>(verdict).token_life, std::chrono::minutes(10));
    EXPECT_TRUE(genuine(hook->verify(svix_post("v1a,xyz v1,AAAA " + svix_signature), keys, at(1614265330))));
    auto standard = svix_post(svix_signature);
    for (auto& header : standard.headers) header.first.replace(0, 4, "Webhook");
    EXPECT_TRUE(genuine(hook->verify(standard, keys, at(1614265330))));
}

TEST(WebhookVerify, ResendIsBelievedForFiveMinutesEitherWay) {
    const auto hook = make_webhook(Kind::resend);
    const auto keys = with_secrets({svix_secret});
    for (const auto& [now, fits] : {std::pair{1614265330 + 300, true},
                                    {1614265330 + 301, false},
                                    {1614265330 - 300, true},
                                    {1614265330 - 301, false}})
        EXPECT_EQ(genuine(hook->verify(svix_post(svix_signature), keys, at(now))), fits) << now;
}

TEST(WebhookVerify, ResendIsNotBelievedWithAnythingAltered) {
    const auto hook = make_webhook(Kind::resend);
    const auto keys = with_secrets({svix_secret});
    for (std::size_t i = 0; i < 2; ++i) {
        auto altered = svix_post(svix_signature);
        altered.headers[i].second.back() ^= 1;
        EXPECT_FALSE(genuine(hook->verify(altered, keys, at(1614265330))));
    }
    auto body = svix_post(svix_signature);
    body.body += ' ';
    EXPECT_FALSE(genuine(hook->verify(body, keys, at(1614265330))));
    EXPECT_FALSE(
        genuine(hook->verify(svix_post(svix_signature), with_secrets({"whsec_AAAA"}), at(1614265330))));
    EXPECT_FALSE(genuine(hook->verify(svix_post("v1,"), keys, at(1614265330))));
}

std::string mailgun_body(std::string_view signature, std::string_view event = R"({"event":"opened"})") {
    return R"({"signature":{"timestamp":"1700000000",)"
           R"("token":"0123456789abcdef0123456789abcdef0123456789abcdef01","signature":")" +
           std::string(signature) + R"("},"event-data":)" + std::string(event) + "}";
}
const std::string mailgun_signature = "6cc5d81158162c35abdfc10543291c6782d22a6d6010c585ebec2e51d879bbd5";
const auto mailgun_keys = with_secrets({"old-key", "mg-signing-key-example"});

TEST(WebhookVerify, MailgunsTokenIsToBeUsedOnce) {
    const auto hook = make_webhook(Kind::mailgun);
    const Verdict verdict = hook->verify(post(mailgun_body(mailgun_signature)), mailgun_keys, at(1700000000));
    ASSERT_THAT(why(verdict), IsEmpty());
    EXPECT_EQ(std::get<Genuine>(verdict).token, "0123456789abcdef0123456789abcdef0123456789abcdef01");
    // A token must be known for longer than its signature fits.
    const auto life = std::get<Genuine>(verdict).token_life;
    EXPECT_FALSE(
        genuine(hook->verify(post(mailgun_body(mailgun_signature)), mailgun_keys, at(1700000000) + life)));
}

TEST(WebhookVerify, MailgunsRepeatsOfEightHoursFitAndOlderOnesDoNot) {
    const auto hook = make_webhook(Kind::mailgun);
    const auto request = post(mailgun_body(mailgun_signature));
    using std::chrono::hours;
    EXPECT_TRUE(genuine(hook->verify(request, mailgun_keys, at(1700000000) + hours(9))));
    EXPECT_EQ(status_of(hook->verify(request, mailgun_keys, at(1700000000) + hours(24))), 401);
    EXPECT_EQ(status_of(hook->verify(request, mailgun_keys, at(1700000000) - hours(1))), 401);
}

TEST(WebhookVerify, MailgunIsNotToldToStop) {
    const auto hook = make_webhook(Kind::mailgun);
    for (const auto& body :
         {mailgun_body("00"), mailgun_body(""), std::string("{}"), std::string("{"), std::string("a=b")})
        EXPECT_EQ(status_of(hook->verify(post(body), mailgun_keys, at(1700000000))), 401) << body;
    const auto wrong = with_secrets({"mg-signing-key-exampl"});
    EXPECT_EQ(status_of(hook->verify(post(mailgun_body(mailgun_signature)), wrong, at(1700000000))), 401);
}

TEST(WebhookVerify, MailgunsOldFormIsSignedTheSame) {
    const auto hook = make_webhook(Kind::mailgun);
    const std::string form =
        "event=opened&token=mine&recipient=ann%40example.com&timestamp=1700000000&token="
        "0123456789abcdef0123456789abcdef0123456789abcdef01&signature=" +
        mailgun_signature;
    EXPECT_TRUE(genuine(hook->verify(post(form), mailgun_keys, at(1700000000))));
    EXPECT_FALSE(genuine(hook->verify(post(form + "0"), mailgun_keys, at(1700000000))));
}

HookRequest mandrill_post(std::string body, std::string signature) {
    return post(std::move(body), {{"X-Mandrill-Signature", std::move(signature)}});
}

TEST(WebhookVerify, MandrillSignsTheUrlAsItIsConfiguredAndTheDecodedForm) {
    const auto hook = make_webhook(Kind::mandrill);
    auto keys = with_secrets({"other", "md-key-example"});
    keys.url = "https://u:p@relay.example.net/hook/mandrill?n=1";
    const std::string form =
        "mandrill_events=%5B%7B%22event%22%3A%22send%22%2C%22_id%22%3A%22a1%22%2C%22ts%22%3A1700000000%7D%5D";
    const std::string signature = "hOYSFbzLJHM1ypON1dbbjk8vd4s=";
    EXPECT_THAT(why(hook->verify(mandrill_post(form, signature), keys, at(0))), IsEmpty());
    EXPECT_EQ(status_of(hook->verify(mandrill_post(form + "+", signature), keys, at(0))), 401);
    EXPECT_EQ(status_of(hook->verify(mandrill_post(form + "&x=y", signature), keys, at(0))), 401);
    keys.url.pop_back();
    EXPECT_EQ(status_of(hook->verify(mandrill_post(form, signature), keys, at(0))), 401);
}

TEST(WebhookVerify, MandrillSortsTheFieldsByName) {
    auto keys = with_secrets({"key"});
    keys.url = "https://relay.example.net/";
    const std::string signature = base64(hmac(Hash::sha1, "key", keys.url + "a" + "1 2" + "b" + "3"));
    EXPECT_TRUE(
        genuine(make_webhook(Kind::mandrill)->verify(mandrill_post("b=3&a=1+2", signature), keys, at(0))));
}

TEST(WebhookVerify, MandrillsProbeIsSignedWithAKeyThatEverybodyKnows) {
    const auto hook = make_webhook(Kind::mandrill);
    auto keys = with_secrets({"md-key-example"});
    keys.url = "https://relay.example.net/hook/mandrill";
    const Verdict probe =
        hook->verify(mandrill_post("mandrill_events=[]", "8PsFkq6rXmG4L9ol+r7k9t7aiRg="), keys, at(0));
    ASSERT_THAT(why(probe), IsEmpty());
    EXPECT_TRUE(std::get<Genuine>(probe).probe);
    // Nothing but the probe is believed with it.
    const std::string events = R"([{"event":"send"}])";
    const auto forged =
        mandrill_post("mandrill_events=" + events,
                      base64(hmac(Hash::sha1, "test-webhook", keys.url + "mandrill_events" + events)));
    EXPECT_EQ(status_of(hook->verify(forged, keys, at(0))), 401);
}

TEST(WebhookVerify, PostmarkAndSparkpostBelieveAUserOnly) {
    for (const Kind kind : {Kind::postmark, Kind::sparkpost}) {
        const auto hook = make_webhook(kind);
        const auto visit = [&](const std::string& authorization) {
            return hook->verify(post("[]", {{"Authorization", authorization}}), with_user(), at(0));
        };
        EXPECT_TRUE(genuine(visit("Basic " + base64("events:s3:cret"))));
        EXPECT_TRUE(genuine(visit("basic  " + base64("other:word"))));
        for (const std::string& wrong :
             {"Basic " + base64("events:s3:cre"), "Basic " + base64("other:s3:cret"),
              "Bearer " + base64("events:s3:cret"), std::string("Basic "), std::string()})
            EXPECT_EQ(status_of(visit(wrong)), 401) << wrong;  // never 403, which stops Postmark
    }
}

TEST(WebhookVerify, AUserIsAskedForOnTopOfASignature) {
    auto keys = with_user();
    keys.secrets = {std::string(sendgrid_key)};
    const auto hook = make_webhook(Kind::sendgrid);
    EXPECT_EQ(status_of(hook->verify(sendgrid_post(), keys, sendgrid_time)), 401);
    auto request = sendgrid_post();
    request.headers.emplace_back("Authorization", "Basic " + base64("events:s3:cret"));
    EXPECT_TRUE(genuine(hook->verify(request, keys, sendgrid_time)));
}

TEST(WebhookVerify, SparkpostsPingIsAProbe) {
    const auto hook = make_webhook(Kind::sparkpost);
    const auto probes = [&](const std::string& body) {
        const Verdict verdict = hook->verify(post(body, {{"Authorization", "Basic " + base64("other:word")}}),
                                             with_user(), at(0));
        return std::get<Genuine>(verdict).probe;
    };
    EXPECT_TRUE(probes(R"([{"msys":{}}])"));
    EXPECT_TRUE(probes(R"( [ {"msys" : { } } ] )"));
    EXPECT_FALSE(probes(R"([{"msys":{"message_event":{"type":"bounce"}}}])"));
    EXPECT_FALSE(probes(R"([{"other":{}}])"));
}

}  // namespace
}  // namespace mailrota::providers
