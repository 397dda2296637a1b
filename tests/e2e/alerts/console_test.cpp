#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"
#include "tests/rig/wait.h"

// Somebody at the console while telephones ring.
namespace mailrota::e2e {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class AlertConsole : public AlertTest {
  protected:
    /// Ann's telephone rings, and would for ever; Ben is next.
    Scene& ringing() {
        twilio().script("", {{.hold = "ringing"}});
        auto& host =
            scene({.alerts = alert_text("emergency", step("ann", 2, "3s") + step("ben", 2, "3s"))}).run();
        host.send(raised().mail());
        EXPECT_TRUE(call_in("ringing", ann));
        // It is ours when the account's answer is written.
        EXPECT_TRUE(rig::wait_until(
            [&] { return host.value("SELECT count(*) FROM contact WHERE provider_id <> ''") == "1"; }));
        return host;
    }
};

TEST_F(AlertConsole, WhoeverTakesItOnThereStopsTheCallThatRings) {
    auto& host = ringing();
    EXPECT_THAT(host.console({"incident", "ack", "1", "--by", "ops"}), HasSubstr("acknowledged by ops"));
    EXPECT_TRUE(call_in("canceled", ann));
    EXPECT_TRUE(host.at_rest());
    EXPECT_EQ(host.state_of(1), "acknowledged");
    EXPECT_THAT(called(), ElementsAre(ann));
    EXPECT_EQ(twilio().most_live(), 1);
    EXPECT_THAT(host.console({"incident", "show", "1"}), HasSubstr("canceled"));
}

TEST_F(AlertConsole, WhoeverEndsItThereDoesSoToo) {
    auto& host = ringing();
    host.console({"incident", "resolve", "1"});
    EXPECT_TRUE(call_in("canceled", ann));
    EXPECT_TRUE(host.at_rest());
    EXPECT_EQ(host.state_of(1), "resolved");
    EXPECT_THAT(called(), ElementsAre(ann));
}

}  // namespace
}  // namespace mailrota::e2e
