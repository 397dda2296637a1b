#include "tests/rig/postgresql.h"

#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"
#include "tests/rig/wait.h"

// The whole chain on a store that several nodes share.
namespace mailrota::e2e {
namespace {

using std::chrono::seconds;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class AlertsOnPostgresql : public AlertTest {
  protected:
    SceneOptions on_it(const std::string& alerts) const {
        return {.alerts = alerts,
                .of_calls = "limit = { calls = 1000, within = \"1h\" }",
                .store = server_.create_database("alerts")};
    }

  private:
    rig::PostgreSql server_;
};

TEST_F(AlertsOnPostgresql, AMailRingsEverybodyInTurnUntilAKeyTakesItOn) {
    twilio().script(ann, {{.end = "busy"}});
    twilio().script(ben, {{.digits = {"2"}}});
    twilio().script(cem, {{.digits = {"1"}}});
    auto& host = scene(on_it(alert_text("emergency", step("ann") + step("ben") + step("cem")))).run();
    host.send(raised().mail());
    host.send(raised("86581", "Sue Loe").mail());
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_THAT(called(), ElementsAre(ann, ben, cem));
    EXPECT_THAT(host.worker().log(), HasSubstr("store=postgresql"));
    EXPECT_EQ(host.value("SELECT CAST(changed_by AS TEXT) FROM incident"), cem);
    EXPECT_EQ(host.value("SELECT mails FROM incident"), "2");
    EXPECT_THAT(host.console({"incident", "show", "1"}), HasSubstr("acknowledged"));
    host.send(closed("86581").mail());
    EXPECT_EQ(host.state_of(1), "resolved");
}

TEST_F(AlertsOnPostgresql, Case10_TwoWorkersPlaceOneCallAndOneGoesOnAlone) {
    twilio().script("", {{.digits = {"1"}}});
    auto& host = scene(on_it(alert_text("emergency", step("ann")))).run();
    host.second_worker();
    constexpr int tickets = 10;
    for (int i = 1; i <= tickets; ++i) {
        host.send(raised(std::to_string(7000 + i)).mail());
        if (i == tickets / 2) host.worker().kill9();
    }
    // What the dead one had in hand is taken over when its lease is over.
    for (int i = 1; i <= tickets; ++i) EXPECT_TRUE(host.wait_for_state(i, "acknowledged", seconds(60)));
    EXPECT_TRUE(host.at_rest(seconds(60)));
    EXPECT_THAT(called(), testing::AllOf(SizeIs(tickets), Each(ann)));
}

}  // namespace
}  // namespace mailrota::e2e
