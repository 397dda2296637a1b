// What is asked of the provider: names, values and limits as its API 2010-04-01 has them.
#include "core/providers/telephone.h"

#include <gmock/gmock.h>

#include "core/providers/phone_fixture.h"

namespace mailrota::providers {
namespace {

using policy::Contact;
using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

constexpr const char* account_url =
    "https://api.twilio.com/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef";
// Thu, 29 Feb 2024 12:00:00 UTC
constexpr std::chrono::sys_seconds leap_noon{seconds{1'709'208'000}};

CallUrls some_urls() { return urls_of("https://mail.example.com/call", "00112233445566778899aabbccddeeff"); }

TEST(Telephone, UrlsAreBelowThePublicOne) {
    EXPECT_EQ(some_urls().twiml, "https://mail.example.com/call/00112233445566778899aabbccddeeff/twiml");
    EXPECT_EQ(some_urls().digit, "https://mail.example.com/call/00112233445566778899aabbccddeeff/digit");
    EXPECT_EQ(some_urls().status, "https://mail.example.com/call/00112233445566778899aabbccddeeff/status");
    EXPECT_EQ(urls_of("", "0").twiml + urls_of("", "0").digit + urls_of("", "0").status, "");
}

TEST(Telephone, ACallAsksForItsDocumentAndTellsItsStates) {
    const auto request =
        telephone().place_call(contact_by(Contact::Way::call), some_urls(), std::nullopt, seconds{25});
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.url, std::string(account_url) + "/Calls.json");
    EXPECT_THAT(request.headers, Contains(Pair("Content-Type", "application/x-www-form-urlencoded")));
    EXPECT_THAT(
        form_of(request),
        ElementsAre(Pair("To", "+15550123"), Pair("From", "+15550100"), Pair("Url", some_urls().twiml),
                    Pair("Method", "POST"), Pair("StatusCallback", some_urls().status),
                    Pair("StatusCallbackMethod", "POST"), Pair("StatusCallbackEvent", "initiated"),
                    Pair("StatusCallbackEvent", "ringing"), Pair("StatusCallbackEvent", "answered"),
                    Pair("StatusCallbackEvent", "completed"), Pair("Timeout", "25")));
}

TEST(Telephone, AnInlineCallWithoutCallbacksNamesNoUrl) {
    const std::string twiml = "<Response><Say>Tom &amp; Jerry, 100 % + more</Say></Response>";
    const auto request = telephone().place_call(contact_by(Contact::Way::call), {}, twiml, seconds{30});
    EXPECT_THAT(form_of(request), ElementsAre(Pair("To", "+15550123"), Pair("From", "+15550100"),
                                              Pair("Twiml", twiml), Pair("Timeout", "30")));
    EXPECT_THAT(std::get<std::string>(request.body), Not(HasSubstr(" ")));
}

// With Url the provider would leave Twiml aside.
TEST(Telephone, AnInlineCallWithCallbacksDoesNotFetchADocument) {
    const auto form = form_of(
        telephone().place_call(contact_by(Contact::Way::call), some_urls(), "<Response/>", seconds{30}));
    EXPECT_EQ(value_of(form, "Url"), "");
    EXPECT_EQ(value_of(form, "Twiml"), "<Response/>");
    EXPECT_EQ(value_of(form, "StatusCallback"), some_urls().status);
}

TEST(Telephone, RingingStaysWithinTheLimits) {
    const auto timeout = [](seconds ring) {
        return std::string(
            value_of(form_of(telephone().place_call(contact_by(Contact::Way::call), {}, "<Response/>", ring)),
                     "Timeout"));
    };
    EXPECT_EQ(timeout(seconds{600}), "600");
    EXPECT_EQ(timeout(seconds{601}), "600");
    EXPECT_EQ(timeout(seconds{-5}), "1");
}

// So that the call speaks at once.
TEST(Telephone, MachinesAreDetectedBesideTheSpeech) {
    auto settings = phone_settings();
    settings.detect_machines = true;
    const auto form = form_of(telephone(settings).place_call(contact_by(Contact::Way::call), some_urls(),
                                                             std::nullopt, seconds{30}));
    EXPECT_EQ(value_of(form, "MachineDetection"), "Enable");
    EXPECT_EQ(value_of(form, "AsyncAmd"), "true");
    EXPECT_EQ(value_of(form, "AsyncAmdStatusCallback"), some_urls().status);
    EXPECT_EQ(value_of(form, "AsyncAmdStatusCallbackMethod"), "POST");
    const auto inline_form = form_of(
        telephone(settings).place_call(contact_by(Contact::Way::call), {}, "<Response/>", seconds{30}));
    EXPECT_EQ(value_of(inline_form, "AsyncAmd"), "true");
    EXPECT_EQ(value_of(inline_form, "AsyncAmdStatusCallback"), "");
}

// Case 7: URLs stand in logs, of the provider and of proxies.
TEST(Telephone, NoUrlTellsWhatTheMailSays) {
    const std::string text = "disk-of-db1";
    const auto contact = contact_by(Contact::Way::call);
    const auto fetched = telephone().place_call(contact, some_urls(), std::nullopt, seconds{30});
    const auto said = telephone().place_call(contact, some_urls(), "<Say>" + text + "</Say>", seconds{30});
    for (const HttpRequest& request :
         {fetched, said, telephone().send_sms(contact, text, some_urls().status)})
        EXPECT_THAT(request.url, Not(HasSubstr(text)));
    for (const char* name : {"Url", "StatusCallback"})
        EXPECT_THAT(std::string(value_of(form_of(fetched), name)), HasSubstr("/" + contact.id + "/"));
    EXPECT_THAT(std::string(value_of(form_of(said), "StatusCallback")), Not(HasSubstr(text)));
}

TEST(Telephone, RequestsAreSignedByUserAndSecret) {
    const auto request = telephone().probe();
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.url, std::string(account_url) + ".json");
    const auto& basic = std::get<HttpRequest::Basic>(request.authorization);
    EXPECT_EQ(basic.user, "SK0123456789abcdef0123456789abcdef");
    EXPECT_EQ(basic.password, "s3cret");
    EXPECT_THAT(request.url, Not(HasSubstr("s3cret")));
}

TEST(Telephone, ASmsComesFromTheNumberOrTheService) {
    const auto sms = telephone().send_sms(contact_by(Contact::Way::sms), "Disk full & <hot>", "");
    EXPECT_EQ(sms.url, std::string(account_url) + "/Messages.json");
    EXPECT_THAT(form_of(sms), ElementsAre(Pair("To", "+15550123"), Pair("From", "+15550100"),
                                          Pair("Body", "Disk full & <hot>")));
    auto settings = phone_settings();
    settings.messaging_service = "MG0123456789abcdef0123456789abcdef";
    EXPECT_THAT(form_of(telephone(settings).send_sms(contact_by(Contact::Way::sms), "x", some_urls().status)),
                ElementsAre(Pair("To", "+15550123"),
                            Pair("MessagingServiceSid", "MG0123456789abcdef0123456789abcdef"),
                            Pair("Body", "x"), Pair("StatusCallback", some_urls().status)));
}

TEST(Telephone, ACallIsFetchedAndEndedByItsId) {
    const auto contact = contact_by(Contact::Way::call, "CA1");
    EXPECT_EQ(telephone().fetch(contact).url, std::string(account_url) + "/Calls/CA1.json");
    EXPECT_EQ(telephone().fetch(contact).method, "GET");
    EXPECT_EQ(telephone().cancel(contact, false).url, std::string(account_url) + "/Calls/CA1.json");
    EXPECT_THAT(form_of(telephone().cancel(contact, false)), ElementsAre(Pair("Status", "canceled")));
    EXPECT_THAT(form_of(telephone().cancel(contact, true)), ElementsAre(Pair("Status", "completed")));
    const auto sms = contact_by(Contact::Way::sms, "SM1");
    EXPECT_EQ(telephone().cancel(sms, true).url, std::string(account_url) + "/Messages/SM1.json");
    EXPECT_THAT(form_of(telephone().cancel(sms, true)), ElementsAre(Pair("Status", "canceled")));
}

// Ids of other providers with the same interface are no hexadecimal digits.
TEST(Telephone, AnIdIsOpaque) {
    EXPECT_EQ(telephone().fetch(contact_by(Contact::Way::call, "v3:a/../b?c")).url,
              std::string(account_url) + "/Calls/v3%3Aa%2F..%2Fb%3Fc.json");
    auto settings = phone_settings();
    settings.base_url = "https://example.signalwire.com/api/laml";
    EXPECT_THAT(telephone(settings).probe().url,
                testing::StartsWith("https://example.signalwire.com/api/laml/2010-04-01/Accounts/AC"));
}

TEST(Telephone, ListsAreFilteredByNumberAndDay) {
    EXPECT_EQ(telephone().list_sent(Contact::Way::call, "+15550123", leap_noon).url,
              std::string(account_url) + "/Calls.json?To=%2B15550123&StartTime%3E=2024-02-29&PageSize=1000");
    EXPECT_EQ(
        telephone().list_sent(Contact::Way::sms, "+15550123", leap_noon).url,
        std::string(account_url) + "/Messages.json?To=%2B15550123&DateSent%3E=2024-02-29&PageSize=1000");
    EXPECT_EQ(telephone().list_received(leap_noon).url,
              std::string(account_url) + "/Messages.json?To=%2B15550100&DateSent%3E=2024-02-29&PageSize=200");
}

// The provider's clock may still show the day before.
TEST(Telephone, ShortlyAfterMidnightTheDayBeforeIsListedToo) {
    const auto midnight = leap_noon + std::chrono::hours{12};
    EXPECT_THAT(telephone().list_sent(Contact::Way::call, "+1", midnight + seconds{30}).url,
                HasSubstr("=2024-02-29&"));
    EXPECT_THAT(telephone().list_sent(Contact::Way::call, "+1", midnight + std::chrono::hours{1}).url,
                HasSubstr("=2024-03-01&"));
}

TEST(Telephone, AServiceWithSeveralNumbersIsAskedForAllMessages) {
    auto settings = phone_settings();
    settings.messaging_service = "MG0123456789abcdef0123456789abcdef";
    EXPECT_EQ(telephone(settings).list_received(leap_noon).url,
              std::string(account_url) + "/Messages.json?DateSent%3E=2024-02-29&PageSize=200");
}

TEST(Telephone, EveryOutcomeHasAName) {
    EXPECT_EQ(to_string(PhoneOutcome::accepted), "accepted");
    EXPECT_EQ(to_string(PhoneOutcome::number), "number");
    EXPECT_EQ(to_string(PhoneOutcome::configuration), "configuration");
    EXPECT_EQ(to_string(PhoneOutcome::callback), "callback");
    EXPECT_EQ(to_string(PhoneOutcome::blocked), "blocked");
    EXPECT_EQ(to_string(PhoneOutcome::account), "account");
    EXPECT_EQ(to_string(PhoneOutcome::temporary), "temporary");
    EXPECT_EQ(to_string(PhoneOutcome::uncertain), "uncertain");
    EXPECT_EQ(to_string(PhoneOutcome::benign), "benign");
}

}  // namespace
}  // namespace mailrota::providers
