#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"
#include "tests/rig/wait.h"

// What Twilio, and whoever is not Twilio, gets from mailrota-web.
namespace mailrota::e2e {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;
using testing::StartsWith;

constexpr auto somebody = "+15555550109";

class CallPages : public AlertTest {
  protected:
    /// Has Twilio ask for a document of ours by GET; what it was answered.
    rig::FakeCallEvent fetched(const std::string& url) {
        const auto login = base64(twilio().key_sid() + ":" + twilio().key_secret());
        rig::HttpClient client("inet:127.0.0.1:" + std::to_string(fakes().port()));
        const auto answer = client.request(
            "POST", "/twilio/2010-04-01/Accounts/" + twilio().account_sid() + "/Calls.json",
            "To=%2B15555550109&From=%2B15555550100&Method=GET&Url=" + url,
            {{"Authorization", "Basic " + login}, {"Content-Type", "application/x-www-form-urlencoded"}});
        EXPECT_EQ(answer.status, 201) << answer.body;
        const auto asked = ++asked_;
        const auto calls = twilio().wait_for_calls(
            asked, [](const rig::FakeCall& call) { return call.to == somebody && call.told; });
        EXPECT_THAT(calls, SizeIs(asked));
        return calls.empty() || calls.back().events.empty() ? rig::FakeCallEvent{}
                                                            : calls.back().events.front();
    }
    std::string url_of_contact(const Scene& host) const {
        return std::string(public_url) + "/" + host.value("SELECT CAST(id AS TEXT) FROM contact") + "/twiml";
    }

  private:
    std::size_t asked_ = 0;
};

TEST_F(CallPages, TW16_Case7_ADocumentIsHadByGetAndPostUntilItExpires) {
    expect_notices();  // of the pages that are not there
    std::string name = "Jim";
    for (int i = 0; i < 900; ++i) name += " Roe";
    twilio().script(ann, {{.digits = {"1"}}});
    auto& host = scene().run();
    host.send(raised("8003", name).mail());
    ASSERT_TRUE(host.wait_for_state(1, "acknowledged"));
    ASSERT_TRUE(host.at_rest());
    const auto call = twilio().wait_for_ended_calls().front();
    EXPECT_THAT(call.events.empty() ? "" : call.events.front().method, "POST");
    const std::string ours = "https://mail\\.example\\.com/call/[0-9a-f]+/[a-z]+";
    for (const auto& event : call.events) {
        EXPECT_THAT(event.url, MatchesRegex(ours));
        EXPECT_TRUE(event.status != 200 || event.type.starts_with("text/xml")) << event.type;
    }
    const auto url = url_of_contact(host);
    const auto got = fetched(url);
    EXPECT_EQ(got.method, "GET");
    EXPECT_EQ(got.status, 200);
    EXPECT_THAT(got.type, StartsWith("text/xml"));
    EXPECT_EQ(fetched(std::string(public_url) + "/0123456789abcdef0123456789abcdef/twiml").status, 404);
    host.sql("UPDATE contact SET made = made - 90000");
    EXPECT_EQ(fetched(url).status, 404);
}

TEST_F(CallPages, StrangersGetNothingAndChangeNothing) {
    twilio().script(ann, {{.digits = {"1"}, .hold = "in-progress"}});
    auto& host = scene().run();
    host.send(raised().mail());
    const auto talking = call_in("in-progress", ann);
    ASSERT_TRUE(talking);
    const auto path = "/call/" + host.value("SELECT CAST(id AS TEXT) FROM contact");
    rig::HttpClient stranger(host.web_address());
    const rig::HttpClient::Headers form = {{"Content-Type", "application/x-www-form-urlencoded"},
                                           {"X-Twilio-Signature", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}};
    EXPECT_EQ(stranger.get(path + "/twiml").status, 404);
    EXPECT_EQ(stranger.request("POST", path + "/digit", "Digits=1", form).status, 404);
    EXPECT_EQ(stranger.request("POST", path + "/status", "CallStatus=completed", form).status, 404);
    EXPECT_EQ(stranger.request("POST", "/call/sms", "From=%2B15555550101&Body=1", form).status, 404);
    EXPECT_EQ(host.state_of(1), "open");
    twilio().release(talking->sid);
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
}

TEST_F(CallPages, AnSmsThatComesInAcknowledgesAndIsAnswered) {
    auto& host = scene({.alerts = alert_text("emergency", step("writer")),
                        .more = "[rota.writer]\nmembers = [{ phone = \"" + std::string(ann) +
                                "\", contact = [\"sms\"] }]\n"})
                     .run();
    host.send(raised().mail());
    ASSERT_THAT(twilio().wait_for_messages(1), SizeIs(1));
    twilio().say_sms(ann, our_number, "1");
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    const auto messages = twilio().wait_for_messages(3);
    ASSERT_THAT(messages, SizeIs(3));
    EXPECT_THAT(messages.back().body, HasSubstr("Acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), IsEmpty());
}

TEST_F(CallPages, TW15_WhoOnlySaysToBeTheTrackerCallsNobody) {
    auto alerts = alert_text("emergency", step("ann"));
    const std::string_view condition = "when.rcpt =";
    const std::string_view signed_mail = "when.dkim = \"example.com\"\n";
    for (auto at = alerts.find(condition); at != std::string::npos;
         at = alerts.find(condition, at + signed_mail.size() + condition.size()))
        alerts.insert(at, signed_mail);
    twilio().script(ann, {{.digits = {"1"}}});
    auto& host = scene({.alerts = "[authentication]\nauthserv_id = \"mx.example.com\"\n" + alerts}).run();
    auto mail = raised();
    host.send(mail.mail());
    mail.more_headers = "Authentication-Results: elsewhere.example; dkim=pass header.d=example.com\n";
    host.send(mail.mail());
    EXPECT_EQ(host.incidents(), 0);
    mail.more_headers = "Authentication-Results: mx.example.com; dkim=pass header.d=example.com\n";
    host.send(mail.mail());
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann));
}

}  // namespace
}  // namespace mailrota::e2e
