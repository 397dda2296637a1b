#include "tests/rig/fake_twilio.h"

#include <gmock/gmock.h>

#include "tests/rig/http_client.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr auto somebody = "+15555550101";
constexpr auto ourselves = "+15555550100";
/// Basic "a:b", which nobody is.
constexpr auto stranger = "Basic YTpi";

/// One program for all tests, its account emptied before each.
class FakeTwilioTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { fakes_ = new FakeProviders; }
    static void TearDownTestSuite() {
        delete fakes_;
        fakes_ = nullptr;
    }
    void SetUp() override {
        fakes_->heal();
        twilio_.clear();
        FakePhoneAccount usual;
        usual.speed = 1e5;
        usual.sms_url = "";
        // Whatever is told goes to a page of the same program, which is no TwiML.
        usual.routes = {{"https://mail.example.com", fakes_->base_url("sendgrid") + "/status"}};
        usual.callbacks = FakeCallbackFaults();
        twilio_.set(usual);
    }

    static std::string coded(std::string_view text) {
        static constexpr std::string_view digits = "0123456789ABCDEF";
        std::string all;
        for (const char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            all += '%';
            all += digits[byte >> 4];
            all += digits[byte & 15];
        }
        return all;
    }
    HttpAnswer post(const std::string& rest, const FakeTwilio::Pairs& fields,
                    const std::string& login = "") const {
        std::string body;
        for (const auto& [name, value] : fields) body += name + "=" + coded(value) + "&";
        HttpClient client("inet:127.0.0.1:" + std::to_string(fakes_->port()));
        return client.request("POST", "/twilio/2010-04-01/Accounts/" + twilio_.account_sid() + "/" + rest,
                              body,
                              {{"Authorization", login.empty() ? authorization() : login},
                               {"Content-Type", "application/x-www-form-urlencoded"}});
    }
    /// In the URL's own form a client would write it; here as the header.
    std::string authorization() const {
        const std::string plain = twilio_.key_sid() + ":" + twilio_.key_secret();
        static constexpr std::string_view alphabet =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        std::string text;
        for (std::size_t at = 0; at < plain.size(); at += 3) {
            unsigned bits = 0;
            for (std::size_t index = at; index < at + 3; ++index)
                bits = bits << 8 | (index < plain.size() ? static_cast<unsigned char>(plain[index]) : 0U);
            for (int place = 0; place < 4; ++place)
                text += at + static_cast<std::size_t>(place) > plain.size()
                            ? '='
                            : alphabet[bits >> (18 - 6 * place) & 63];
        }
        return "Basic " + text;
    }
    HttpAnswer call(const std::string& twiml, const FakeTwilio::Pairs& more = {}) const {
        FakeTwilio::Pairs fields = {{"To", somebody}, {"From", ourselves}, {"Twiml", twiml}};
        fields.insert(fields.end(), more.begin(), more.end());
        return post("Calls.json", fields);
    }

    static FakeProviders* fakes_;
    FakeTwilio twilio_{*fakes_};
};
FakeProviders* FakeTwilioTest::fakes_ = nullptr;

constexpr auto hello = "<Response><Say language=\"de-DE\">Hallo</Say></Response>";

TEST_F(FakeTwilioTest, ACallSpeaksAndEnds) {
    const auto answer = call(hello);
    EXPECT_EQ(answer.status, 201) << answer.body;
    const auto calls = twilio_.wait_for_ended_calls();
    ASSERT_THAT(calls, SizeIs(1));
    EXPECT_EQ(calls[0].to, somebody);
    EXPECT_EQ(calls[0].from, ourselves);
    EXPECT_EQ(calls[0].status, "completed");
    EXPECT_EQ(calls[0].words(), "Hallo");
    EXPECT_EQ(calls[0].spoken[0].language, "de-DE");
    EXPECT_EQ(calls[0].parameter("Twiml"), hello);
    EXPECT_EQ(calls[0].states.back().first, "completed");
    EXPECT_THAT(twilio_.notices(), IsEmpty());
    EXPECT_EQ(twilio_.counts().sending, 1U);
}

TEST_F(FakeTwilioTest, ScriptsAreTakenOneAfterAnother) {
    twilio_.script(somebody, {{.end = "busy"}, {.end = "no-answer"}});
    for (int count = 0; count < 3; ++count) call(hello);
    std::vector<std::string> ends;
    for (const auto& one : twilio_.wait_for_ended_calls(3)) ends.push_back(one.status);
    EXPECT_THAT(ends, ElementsAre("busy", "no-answer", "no-answer"));
}

TEST_F(FakeTwilioTest, KeysGoToPublicUrlsByTheirRoute) {
    twilio_.script("", {{.digits = {"1"}}});
    call("<Response><Gather numDigits=\"1\" action=\"https://mail.example.com/summary.json\"/></Response>");
    const auto calls = twilio_.wait_for_ended_calls();
    ASSERT_THAT(calls, SizeIs(1));
    EXPECT_THAT(calls[0].digits, ElementsAre("1"));
    ASSERT_THAT(calls[0].events, SizeIs(1));
    EXPECT_EQ(calls[0].events[0].url, "https://mail.example.com/summary.json");
    EXPECT_EQ(calls[0].events[0].parameter("Digits"), "1");
    EXPECT_EQ(calls[0].events[0].status, 200);
    EXPECT_THAT(calls[0].events[0].answer, HasSubstr("All Systems Operational"));
    const auto notices = twilio_.notices();
    ASSERT_THAT(notices, SizeIs(1));
    EXPECT_EQ(notices[0].code, 12300);
    EXPECT_EQ(notices[0].call_sid, calls[0].sid);
}

TEST_F(FakeTwilioTest, AHeldCallCanBeCancelled) {
    twilio_.script("", {{.hold = "ringing"}});
    call(hello);
    const auto ringing = twilio_.wait_for_calls(1, [](const auto& one) { return one.status == "ringing"; });
    ASSERT_THAT(ringing, SizeIs(1));
    EXPECT_EQ(post("Calls/" + ringing[0].sid + ".json", {{"Status", "canceled"}}).status, 200);
    const auto ended = twilio_.wait_for_ended_calls();
    ASSERT_THAT(ended, SizeIs(1));
    EXPECT_EQ(ended[0].status, "canceled");
    EXPECT_THAT(ended[0].spoken, IsEmpty());
}

TEST_F(FakeTwilioTest, FaultsAreTwiliosOwn) {
    fakes_->fail({.fault = "rate_limited", .provider = "twilio", .times = 1});
    EXPECT_THAT(call(hello).body, HasSubstr("\"code\":20429"));
    fakes_->fail({.fault = "bad_message", .provider = "twilio", .times = 1, .code = 21216});
    EXPECT_THAT(call(hello).body, HasSubstr("\"code\":21216"));
    EXPECT_THAT(twilio_.calls(), IsEmpty());
    fakes_->fail({.fault = "reset", .provider = "twilio", .after = true, .times = 1});
    EXPECT_EQ(call(hello).status, 0);
    EXPECT_THAT(twilio_.calls(), SizeIs(1));
    EXPECT_EQ(post("Calls.json", {}, stranger).status, 401);
}

TEST_F(FakeTwilioTest, MessagesGoOutAndComeIn) {
    EXPECT_EQ(post("Messages.json", {{"To", somebody}, {"From", ourselves}, {"Body", "Alert 17"}}).status,
              201);
    twilio_.say_sms(somebody, ourselves, "ack 17");
    const auto messages = twilio_.wait_for_messages(2);
    ASSERT_THAT(messages, SizeIs(2));
    EXPECT_EQ(messages[0].body, "Alert 17");
    EXPECT_TRUE(messages[1].is_inbound());
    EXPECT_TRUE(wait_until([&] { return twilio_.messages()[0].status == "delivered"; }));
}

TEST_F(FakeTwilioTest, TheSecondAccountIsAnother) {
    const FakeTwilio second(*fakes_, "twilio2");
    EXPECT_NE(second.account_sid(), twilio_.account_sid());
    call(hello);
    EXPECT_THAT(second.calls(), IsEmpty());
    EXPECT_THAT(second.base_url(), testing::EndsWith("/twilio2"));
}

}  // namespace
}  // namespace mailrota::rig
