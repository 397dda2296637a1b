#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"

// Many incidents at once, and what is held back.
namespace mailrota::e2e {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

using CallLoad = AlertTest;

TEST_F(CallLoad, Case9_TenIncidentsAtOnceKeepPaceAndCapAndTheWorstIsFirst) {
    constexpr int each = 5;
    twilio().script("", {{.digits = {"1"}}});
    const auto alerts =
        alert_text("emergency", step("ann")) + alert_text("trifle", step("ben"), "severity = \"info\"");
    auto& host = scene({.alerts = alerts, .of_telephone = "pace = \"300ms\"\nin_flight = 2\n"});
    for (int i = 0; i < each; ++i) {
        host.send(raised(std::to_string(9100 + i)).mail(), "trifle");
        host.send(raised(std::to_string(9200 + i)).mail(), "emergency");
    }
    host.run();
    for (int i = 1; i <= 2 * each; ++i) EXPECT_TRUE(host.wait_for_state(i, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    const auto calls = twilio().calls();
    ASSERT_THAT(calls, SizeIs(2 * each));
    for (std::size_t i = 0; i < calls.size(); ++i) EXPECT_EQ(calls[i].to, i < each ? ann : ben) << i;
    EXPECT_LE(twilio().most_live(), 2);
    // Nine gaps; a busy machine may send the first one late.
    EXPECT_GE(calls.back().created_ms - calls.front().created_ms, 9 * 300 - 1000);
}

TEST_F(CallLoad, Case12_TheFirstCallOfACriticalIncidentIsNeverHeldBack) {
    twilio().script(ann, {{.digits = {"1"}}, {.end = "busy"}});
    twilio().script(ben, {{.digits = {"1"}}});
    auto& host = scene({.alerts = alert_text("emergency", step("ann", 2) + step("ben")),
                        .of_calls = "limit = { calls = 1, within = \"1h\" }"})
                     .run();
    host.send(raised("9301").mail());
    ASSERT_TRUE(host.wait_for_state(1, "acknowledged"));
    host.send(raised("9302").mail());
    EXPECT_TRUE(host.wait_for_state(2, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann, ann, ben));
}

}  // namespace
}  // namespace mailrota::e2e
