#include <iostream>

#include "tests/e2e/alerts/scene.h"
#include "tests/rig/mailrota_milter.h"
#include "tests/rig/postfix.h"
#include "tests/rig/wait.h"

// A self-test goes the whole way, and somebody else is called when it does not get there.
namespace mailrota::e2e {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr auto alerts = R"(
[alert.tested]
say = "This is a test."
key = "{token}"
escalate = [{ rota = "ann" }]
[alert.broken]
say = "Self-test {selftest} has failed. {reason}"
escalate = [{ rota = "ben" }]
)";
constexpr auto rule = R"(
[[rule]]
when.rcpt = "alarm@example.com"
when.subject = '/^\[Self-test (?<token>\w+)\]/'
then = [{ alert = "tested" }]
)";

std::string weekly(const std::string& within, const std::string& proof = "delivered") {
    return "\n[selftest.weekly]\nto = \"alarm@example.com\"\nalert = \"tested\"\nevery = \"7d\"\nwithin = "
           "\"" +
           within + "\"\nproof = \"" + proof + "\"\nalarm = \"broken\"\ntell = \"ops@example.com\"\n";
}

class AlertSelftest : public AlertTest {
  protected:
    ~AlertSelftest() override {
        if (HasFailure() && worker_) std::cout << worker_->log() << std::endl;
    }

    /// What the worker is to run on: it submits to this port.
    void submit_to(int port) {
        text_ = scene_now().configuration();
        const auto at = text_.find("submit = ") + std::string("submit = ").size();
        const auto end = text_.find('\n', at);
        sink_ = text_.substr(at, end - at);
        text_.replace(at, end - at, "\"smtp:127.0.0.1:" + std::to_string(port) + "\"");
    }
    /// The same for a port where mailrota-lmtp may listen.
    void set_up(const std::string& what) {
        scene({.alerts = what}).web();
        const int port = rig::free_port();
        submit_to(port);
        text_ += "\n[listener.submission]\nprotocol = \"smtp\"\nsocket = \"inet:" + std::to_string(port) +
                 "@127.0.0.1\"\nnext_hop = " + sink_ + "\n";
    }
    void start(int workers = 1) {
        worker_.emplace("mailrota-worker", text_);
        if (workers > 1) second_.emplace("mailrota-worker", text_);
    }
    /// At the port of the submission.
    void listen() { front_.emplace("mailrota-lmtp", text_); }
    /// Begins a run and waits for its end.
    rig::RunResult run() const { return worker_->mailrota({"selftest", "run", "weekly", "--wait"}); }

    std::string text_;
    std::string sink_;  ///< where mail goes on to, quoted
    std::optional<rig::MailrotaProgram> front_;
    std::optional<rig::MailrotaProgram> worker_;
    std::optional<rig::MailrotaProgram> second_;
};

TEST_F(AlertSelftest, ThatIsDueRingsOnceAndEndsByItself) {
    set_up(std::string(alerts) + rule + weekly("5m"));
    listen();
    scene_now().sql(
        "INSERT INTO message (name, bytes) VALUES (CAST('selftest/weekly' AS BLOB), CAST('{\"known\":1,"
        "\"scheduled\":null,\"passed\":null,\"run\":null,\"last\":null}' AS BLOB))");
    start(2);
    ASSERT_TRUE(scene_now().wait_for_state(1, "resolved"));
    EXPECT_TRUE(scene_now().at_rest());
    EXPECT_EQ(scene_now().incidents(), 1);
    EXPECT_THAT(called(), ElementsAre(ann));
    EXPECT_THAT(scene_now().delivered(), SizeIs(1));
    EXPECT_THAT(scene_now().story(), HasSubstr("by self-test weekly"));
    const auto list = worker_->mailrota({"selftest", "list"});
    EXPECT_THAT(list.output, AllOf(HasSubstr("weekly"), HasSubstr("passed"))) << list.errors;
    EXPECT_TRUE(rig::wait_until(
        [&] {
            return worker_->mailrota({"metrics", "--program", "worker"})
                       .output.find("mailrota_selftest_passed{selftest=\"weekly\"} 1") != std::string::npos;
        },
        seconds(40)));
}

TEST_F(AlertSelftest, ThatWantsAKeyPressedWaitsForIt) {
    twilio().script(ann, {{.digits = {"1"}}});
    set_up(std::string(alerts) + rule + weekly("5m", "acknowledged"));
    listen();
    start();
    const auto ended = run();
    EXPECT_EQ(ended.exit_code, 0) << ended.errors;
    EXPECT_THAT(ended.output, HasSubstr("has come through: incident 1 was acknowledged"));
    EXPECT_EQ(scene_now().state_of(1), "resolved");
    EXPECT_THAT(called(), ElementsAre(ann));
}

TEST_F(AlertSelftest, ThatNoRuleKnowsRaisesOneAlarmThatNamesThePoint) {
    twilio().script(ben, {{.digits = {"1"}}});
    set_up(std::string(alerts) + weekly("10s"));
    listen();
    start(2);
    const auto ended = run();
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_THAT(ended.errors, HasSubstr("the mail came to listener submission"));
    ASSERT_TRUE(scene_now().wait_for_state(1, "acknowledged"));
    EXPECT_EQ(scene_now().incidents(), 1);
    EXPECT_THAT(called(), ElementsAre(ben));
    EXPECT_THAT(twilio().wait_for_ended_calls().front().words(), HasSubstr("no rule raised it"));
    EXPECT_TRUE(rig::wait_until([&] { return scene_now().delivered().size() == 2; }, seconds(40)));
    std::vector<std::string> contents;
    for (const auto& mail : scene_now().delivered()) contents.push_back(mail.content);
    EXPECT_THAT(contents,
                testing::Contains(HasSubstr("Subject: Self-test weekly did not come through\n")).Times(1));
    const auto logs = worker_->log() + second_->log();
    EXPECT_THAT(logs, HasSubstr("selftest-failed selftest=weekly"));
}

TEST_F(AlertSelftest, ThatTheProviderRefusesRaisesItsAlarm) {
    rig::FakePhoneAccount account;
    account.refused = std::map<std::string, int>{{ann, 21211}};
    set_up(std::string(alerts) + rule + weekly("10s"));
    twilio().set(account);
    listen();
    start();
    EXPECT_THAT(run().errors,
                HasSubstr("incident 1 was opened, but no provider accepted a call or SMS of it"));
    EXPECT_THAT(twilio().wait_for_ended_calls(1, seconds(40)), SizeIs(1));
    EXPECT_EQ(scene_now().state_of(1), "resolved");
    EXPECT_EQ(scene_now().incidents(), 2);
    EXPECT_THAT(called(), ElementsAre(ben));
}

TEST_F(AlertSelftest, WhoseMtaIsAwayRaisesItsAlarmOnce) {
    set_up(std::string(alerts) + rule + weekly("10s"));
    start(2);
    const auto ended = run();
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_THAT(ended.errors, HasSubstr("the MTA did not take the mail: smtp:127.0.0.1:"));
    EXPECT_THAT(twilio().wait_for_ended_calls(1, seconds(40)), SizeIs(1));
    EXPECT_EQ(scene_now().incidents(), 1);
}

TEST_F(AlertSelftest, GoesOnWhereAKilledWorkerWasAndKnowsItsMailAgain) {
    twilio().script(ann, {{.hold = "ringing"}});
    set_up(std::string(alerts) + rule + weekly("5m", "acknowledged"));
    listen();
    start();
    worker_->kill9();
    EXPECT_EQ(worker_->mailrota({"selftest", "run", "weekly"}).exit_code, 0);
    const std::string before =
        scene_now().value("SELECT CAST(payload AS TEXT) FROM job WHERE CAST(kind AS TEXT) = 'selftest'");
    worker_->start();
    const auto ringing = call_in("ringing", ann);
    ASSERT_TRUE(ringing);
    worker_->kill9();
    // As if it had died before it could write down that the mail was submitted.
    scene_now().sql("UPDATE job SET payload = CAST('" + before +
                    "' AS BLOB) WHERE CAST(kind AS TEXT) = 'selftest'");
    worker_->start();
    ASSERT_TRUE(rig::wait_until(
        [&] {
            return scene_now().value(
                       "SELECT CAST(payload AS TEXT) FROM job WHERE CAST(kind AS TEXT) = "
                       "'selftest'") != before;
        },
        seconds(40)));
    worker_->mailrota({"incident", "ack", "1"});
    ASSERT_TRUE(scene_now().wait_for_state(1, "resolved"));
    EXPECT_TRUE(scene_now().at_rest());
    EXPECT_EQ(scene_now().incidents(), 1);
    EXPECT_THAT(called(), ElementsAre(ann));
    EXPECT_THAT(worker_->mailrota({"selftest", "list"}).output, HasSubstr("passed"));
}

TEST_F(AlertSelftest, GoesThroughPostfixAndAMilter) {
    auto& host = scene({.alerts = std::string(alerts) + rule + weekly("5m")});
    host.web();
    const rig::MailrotaMilter milter(host.configuration() +
                                     "\n[listener.mx]\nprotocol = \"milter\"\nsocket = \"{socket}\"\n");
    rig::PostfixOptions options;
    options.smtpd_milters = milter.socket_for_postfix();
    const rig::Postfix postfix(options);
    submit_to(postfix.port());
    start();
    const auto ended = run();
    EXPECT_EQ(ended.exit_code, 0) << ended.errors << postfix.log() << milter.log();
    EXPECT_THAT(called(), ElementsAre(ann));
    EXPECT_THAT(postfix.wait_for_mail("alarm", 1), SizeIs(1));
}

}  // namespace
}  // namespace mailrota::e2e
