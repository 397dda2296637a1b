// M7 to M9: the milter dies, stops or reloads while mail comes in.
#include <gmock/gmock.h>

#include <future>

#include "tests/e2e/postfix/scene.h"
#include "tests/rig/wait.h"

namespace mailrota::e2e {
namespace {

using rig::MessageText;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::string_view policy = R"(
[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com", "ben@example.com", "cho@example.com"]
)";

constexpr std::size_t tempfail = 0;
constexpr std::size_t accept = 1;
constexpr std::size_t quarantine = 2;

rig::PostfixOptions each_default_action() {
    rig::PostfixOptions options;
    options.listeners = {{}, {"milter_default_action=accept"}, {"milter_default_action=quarantine"}};
    return options;
}

// Sends the mail and kills the milter while it works on its end.
rig::SmtpTransaction send_and_kill(Scene& scene, const MessageText& mail, std::size_t listener) {
    const DatabaseLock lock(scene.milter());
    auto sent = std::async(std::launch::async, [&] {
        return scene.send(mail, {"orders@example.com"}, "sender@example.com", listener);
    });
    EXPECT_TRUE(scene.settling(1)) << scene.logs();
    scene.milter().kill9();
    return sent.get();
}

TEST(M7, KilledMilterDefersAndTheRetryHasTheTurn) {
    Scene scene(policy, each_default_action());
    const auto mail = MessageText::fresh();
    const auto sent = send_and_kill(scene, mail, tempfail);
    ASSERT_THAT(sent.results, SizeIs(1));
    EXPECT_EQ(sent.results[0].code, 451);
    EXPECT_THAT(scene.arrivals(mail), IsEmpty());
    scene.milter().start();
    EXPECT_THAT(scene.arrivals_after_sending(mail, {"orders@example.com"}), ElementsAre("ann"))
        << scene.logs();
    EXPECT_THAT(scene.arrivals_after_sending(MessageText::fresh(), {"orders@example.com"}),
                ElementsAre("ben"));
}

TEST(M7, KilledMilterLosesNoRecipientUnderAccept) {
    Scene scene(policy, each_default_action());
    const auto mail = MessageText::fresh();
    EXPECT_TRUE(send_and_kill(scene, mail, accept).accepted()) << scene.logs();
    EXPECT_THAT(scene.arrivals(mail), ElementsAre("orders")) << scene.logs();
}

TEST(M7, KilledMilterLosesNoRecipientUnderQuarantine) {
    Scene scene(policy, each_default_action());
    const auto mail = MessageText::fresh();
    EXPECT_TRUE(send_and_kill(scene, mail, quarantine).accepted()) << scene.logs();
    EXPECT_TRUE(rig::wait_until([&] { return !scene.postfix().queue().empty(); }));
    EXPECT_THAT(scene.postfix().queue(), HasSubstr("\"queue_name\": \"hold\"")) << scene.logs();
    rig::run_or_throw({"/usr/sbin/postsuper", "-c", scene.postfix().config(), "-H", "ALL"});
    scene.postfix().flush();
    EXPECT_THAT(scene.postfix().wait_for_mail("orders"), SizeIs(1)) << scene.logs();
}

TEST(Down, MailIsDeferredAndGoesOnWhenTheMilterIsBack) {
    Scene scene(policy);
    const auto mail = MessageText::fresh();
    scene.milter().kill9();
    const auto refused = scene.send(mail, {"orders@example.com"});
    EXPECT_EQ(refused.mail.code, 451) << refused.mail.text;
    scene.milter().start();
    EXPECT_THAT(scene.arrivals_after_sending(mail, {"orders@example.com"}), ElementsAre("ann"))
        << scene.logs();
}

TEST(M8, StopLetsTheMailsInProgressComeToTheirEnd) {
    Scene scene(policy);
    const MessageText mails[] = {MessageText::fresh(), MessageText::fresh()};
    std::vector<std::future<rig::SmtpTransaction>> sent;
    std::future<int> stopped;
    {
        const DatabaseLock lock(scene.milter());
        for (const auto& mail : mails)
            sent.push_back(
                std::async(std::launch::async, [&] { return scene.send(mail, {"orders@example.com"}); }));
        ASSERT_TRUE(scene.settling(2)) << scene.logs();
        stopped = std::async(std::launch::async, [&] { return scene.milter().stop(); });
        ASSERT_TRUE(scene.milter().wait_for_log("stopping mails_in_progress=2")) << scene.logs();
    }
    for (auto& one : sent) EXPECT_TRUE(one.get().accepted()) << scene.logs();
    EXPECT_EQ(stopped.get(), 0) << scene.logs();
    std::vector<std::string> arrived;
    for (const auto& mail : mails)
        for (const auto& local_part : scene.arrivals(mail)) arrived.push_back(local_part);
    EXPECT_THAT(arrived, testing::UnorderedElementsAre("ann", "ben")) << scene.logs();
}

TEST(M9, ReloadUnderLoadDefersNothing) {
    constexpr int count = 240;
    Scene scene(policy);
    auto load = std::async(std::launch::async, [&] {
        return rig::run({"/usr/sbin/smtp-source", "-c", "-s", "8", "-m", std::to_string(count), "-f",
                         "sender@example.com", "-t", "orders@example.com",
                         "inet:127.0.0.1:" + std::to_string(scene.postfix().port())});
    });
    int reloads = 0;
    while (load.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready) {
        ++reloads;
        const std::string rule =
            reloads % 2 == 0 ? "" : "[[rule]]\nwhen.rcpt = \"x@example.com\"\nthen = [\"discard\"]\n";
        scene.milter().write_config(Scene::configuration(std::string(policy) + rule));
        scene.milter().reload();
        ASSERT_TRUE(scene.milter().wait_for_log("generation=" + std::to_string(1 + reloads))) << scene.logs();
    }
    EXPECT_EQ(load.get().exit_code, 0) << scene.logs();
    EXPECT_GE(reloads, 2);
    EXPECT_TRUE(scene.postfix().wait_for_empty_queue());
    for (const char* colleague : {"ann", "ben", "cho"})
        EXPECT_THAT(scene.postfix().mailbox(colleague), SizeIs(count / 3)) << colleague;
    EXPECT_THAT(scene.postfix().log(), Not(HasSubstr("milter-reject")));
    EXPECT_THAT(scene.postfix().log(), Not(HasSubstr("warning: milter")));
}

}  // namespace
}  // namespace mailrota::e2e
