#include "tests/e2e/alerts/mails.h"
#include "tests/e2e/alerts/scene.h"
#include "tests/rig/wait.h"

// Mails that are expected. Time goes by in the database: the shortest `every` is five minutes.
namespace mailrota::e2e {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The worker looks at "backup" before "mirror".
constexpr auto two_reports = R"(
[alert.no-backup]
key = "backup"
say = "The mail of {heartbeat} did not come."
escalate = [{ rota = "ann" }]
[alert.no-mirror]
key = "mirror"
say = "The mail of {heartbeat} did not come."
escalate = [{ rota = "ben" }]
[heartbeat.backup]
alert = "no-backup"
every = "5m"
[heartbeat.mirror]
alert = "no-mirror"
every = "5m"
[[rule]]
when.subject = "Backup done"
then = [{ heartbeat = "backup" }, { resolve = "no-backup" }]
[[rule]]
when.subject = "Mirror done"
then = [{ heartbeat = "mirror" }, { resolve = "no-mirror" }]
)";

class AlertHeartbeat : public AlertTest {
  protected:
    Scene& both_begun() {
        twilio().script("", {{.digits = {"1"}}});
        auto& host = scene({.alerts = two_reports}).run();
        EXPECT_TRUE(rig::wait_until([&] { return host.value("SELECT count(*) FROM heartbeat") == "2"; }));
        return host;
    }
    static void report(const Scene& host, const std::string& subject) {
        TicketMail mail;
        mail.subject = subject;
        mail.text = "All is well.\n";
        host.send(mail.mail());
    }
    /// The worker looks every few seconds, and when it starts.
    static void let_pass(Scene& host, int seconds) {
        const auto some = std::to_string(seconds);
        host.sql("UPDATE heartbeat SET begun = begun - " + some + ", last = last - " + some +
                 ", alarmed = alarmed - " + some);
        host.worker().kill9();
        host.worker().start();
    }
    static std::string keys(const Scene& host) {
        std::string all;
        for (const auto& row : host.sql("SELECT CAST(key AS TEXT) FROM incident ORDER BY number"))
            all += row.front() + " ";
        return all;
    }
};

TEST_F(AlertHeartbeat, AMailThatDoesNotComeRingsAndOneThatComesDoesNot) {
    auto& host = both_begun();
    let_pass(host, 200);
    report(host, "Backup done");
    let_pass(host, 200);
    EXPECT_TRUE(host.wait_for_state(1, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_EQ(keys(host), "mirror ");
    EXPECT_THAT(called(), ElementsAre(ben));
    EXPECT_THAT(twilio().calls().front().words(), HasSubstr("The mail of mirror did not come."));
}

TEST_F(AlertHeartbeat, TheMailEndsTheIncidentAndIsMissedAgainLater) {
    auto& host = both_begun();
    report(host, "Mirror done");
    let_pass(host, 250);
    report(host, "Mirror done");
    let_pass(host, 60);
    ASSERT_TRUE(host.wait_for_state(1, "acknowledged"));
    report(host, "Backup done");
    EXPECT_EQ(host.state_of(1), "resolved");
    report(host, "Mirror done");
    let_pass(host, 250);
    EXPECT_EQ(keys(host), "backup ");
    report(host, "Mirror done");
    let_pass(host, 60);
    ASSERT_TRUE(host.wait_for_state(2, "acknowledged"));
    EXPECT_TRUE(host.at_rest());
    EXPECT_EQ(keys(host), "backup backup ");
    EXPECT_THAT(called(), ElementsAre(ann, ann));
}

}  // namespace
}  // namespace mailrota::e2e
