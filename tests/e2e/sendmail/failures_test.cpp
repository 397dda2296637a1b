#include <libmilter/mfdef.h>

#include <future>
#include <map>

#include "tests/e2e/kill/kill_at_call.h"
#include "tests/e2e/raw_milter/database_lock.h"
#include "tests/e2e/sendmail/scene.h"
#include "tests/rig/milter_client.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

using testing::AnyOf;
using testing::ElementsAre;
using testing::IsEmpty;

/// A mail on its way while the database is locked.
class WaitingMail {
  public:
    explicit WaitingMail(const Scene& scene)
        : lock_((scene.milter.wait_for_log("info started"), scene.milter.folder() / "state.db")),
          sent_(std::async(std::launch::async,
                           [&scene, this] { return scene.send({"slow@example.com"}, mail_); })) {
        EXPECT_TRUE(scene.sendmail.wait_for_log("from=<sender@example.com>")) << scene.logs();
    }

    /// Whether it is answered within this time.
    bool answered_within(std::chrono::seconds time) const {
        return sent_.wait_for(time) == std::future_status::ready;
    }
    /// Releases the lock.
    SmtpTransaction finish() {
        lock_.release();
        return sent_.get();
    }
    const MessageText& mail() const { return mail_; }

  private:
    MessageText mail_ = MessageText::fresh();
    DatabaseLock lock_;
    std::future<SmtpTransaction> sent_;
};

TEST(SendmailFailures, M12AnEndOfMessageOfTwelveSecondsIsAwaited) {
    const Scene scene;
    WaitingMail waiting(scene);
    EXPECT_FALSE(waiting.answered_within(std::chrono::seconds(12))) << scene.logs();
    EXPECT_TRUE(waiting.finish().accepted()) << scene.logs();
    EXPECT_THAT(scene.who_has(waiting.mail(), {"slow", "tom"}), ElementsAre("tom"));
}

TEST(SendmailFailures, AnMtaThatGoesAmidAnEndOfMessageMeetsTheSameColleagueLater) {
    const MailrotaMilter milter{std::string(policy_of_all_cases)};
    const auto message = MilterMessage::from_text(MessageText::fresh(), {"again@example.com"});
    {
        auto client = MilterClient::to(milter.socket());
        client.mail(message);
        client.rcpt(message, 0);
        for (const auto& [name, value] : message.headers) client.header(name, value);
        const DatabaseLock lock(milter.folder() / "state.db");
        client.send(SMFIC_BODYEOB, "");
        EXPECT_EQ(client.read_packet(), std::string(1, SMFIR_PROGRESS));
    }
    auto client = MilterClient::to(milter.socket());
    EXPECT_THAT(client.send_message(message).final_recipients(message), ElementsAre("gil@example.com"));
    EXPECT_TRUE(milter.running()) << milter.log();
}

TEST(SendmailFailures, M8AMailInProgressIsFinishedBeforeTheEnd) {
    Scene scene;
    WaitingMail waiting(scene);
    EXPECT_FALSE(waiting.answered_within(std::chrono::seconds(2)));
    auto stopped = std::async(std::launch::async, [&scene] { return scene.milter.stop(); });
    EXPECT_TRUE(scene.milter.wait_for_log("stopping mails_in_progress=1")) << scene.milter.log();
    EXPECT_TRUE(waiting.finish().accepted()) << scene.logs();
    EXPECT_EQ(stopped.get(), 0) << scene.milter.log();
    EXPECT_THAT(scene.who_has(waiting.mail(), {"slow", "tom"}), ElementsAre("tom"));
}

TEST(SendmailFailures, M9ReloadsUnderLoadDeferNothing) {
    const Scene scene;
    std::vector<std::future<int>> senders;
    for (int sender = 0; sender < 3; ++sender)
        senders.push_back(std::async(std::launch::async, [&scene] {
            auto client = SmtpClient::to_port(scene.sendmail.port());
            int accepted = 0;
            for (int mail = 0; mail < 10; ++mail)
                accepted +=
                    client
                        .send_mail("sender@example.com", {"orders@example.com"}, MessageText::fresh().text())
                        .accepted();
            return accepted;
        }));
    for (auto& sender : senders)
        while (sender.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready)
            scene.milter.reload();
    for (auto& sender : senders) EXPECT_EQ(sender.get(), 10) << scene.logs();
    EXPECT_TRUE(scene.sendmail.wait_for_empty_queue());
    for (const char* colleague : {"ann", "ben", "cho"})
        EXPECT_EQ(scene.sendmail.mailbox(colleague).size(), 10U);
}

/// Sends a mail whose milter dies at the n-th such call after DATA; it runs again afterwards.
struct Death {
    bool struck;
    SmtpReply reply;
};
Death die_at_call(Scene& scene, const MessageText& mail, const char* call, int n) {
    auto client = SmtpClient::to_port(scene.sendmail.port());
    for (const char* command : {"MAIL FROM:<sender@example.com>", "RCPT TO:<crash@example.com>", "DATA"})
        EXPECT_TRUE(client.command(command).positive()) << command << scene.logs();
    KillAtCall death(scene.milter, call, n);
    client.send_raw(dot_stuffed(mail.text()));
    auto reply = client.read_reply();
    const bool struck = death.struck(scene.milter);
    if (struck) scene.milter.start();
    return {struck, std::move(reply)};
}

const std::vector<std::string> all = {"ann", "ben", "cho", "crash"};

TEST(SendmailFailures, M7DeathAtAnyCallUnderFTDefersAndTheTurnStays) {
    Scene scene;
    std::size_t mails = 0;
    const int deaths = die_at_every_call([&](const char* call, int n) {
        SCOPED_TRACE(call + (" " + std::to_string(n)));
        const auto mail = MessageText::fresh();
        const auto death = die_at_call(scene, mail, call, n);
        EXPECT_THAT(death.reply.code, AnyOf(250, death.struck ? 451 : 250)) << death.reply.text;
        if (death.reply.code != 250) {
            EXPECT_THAT(scene.who_has(mail, all), IsEmpty());
            EXPECT_TRUE(scene.send({"crash@example.com"}, mail).accepted()) << scene.logs();
        }
        EXPECT_THAT(scene.who_has(mail, all), ElementsAre(all.at(mails++ % 3)));
        return death.struck;
    });
    EXPECT_GE(deaths, fewest_deaths);
}

TEST(SendmailFailures, M7DeathAtAnyCallWithoutFLeavesNobodyOut) {
    Scene scene("");
    std::map<std::vector<std::string>, int> outcomes;
    const int deaths = die_at_every_call([&](const char* call, int n) {
        SCOPED_TRACE(call + (" " + std::to_string(n)));
        const auto mail = MessageText::fresh();
        const auto death = die_at_call(scene, mail, call, n);
        EXPECT_EQ(death.reply.code, 250) << death.reply.text;
        const auto got = scene.who_has(mail, all);
        EXPECT_TRUE(got.size() == 1 || (got.size() == 2 && got[1] == "crash")) << testing::PrintToString(got);
        ++outcomes[got];
        return death.struck;
    });
    EXPECT_GE(deaths, fewest_deaths);
    EXPECT_GT(outcomes[{"crash"}], 0) << "no death came before the edits";
}

TEST(SendmailFailures, WithoutTheMilterFTDefersAndNothingIsQueued) {
    Scene scene;
    scene.milter.kill9();
    const auto mail = MessageText::fresh();
    SmtpClient client(Connection::to_port(scene.sendmail.port()));
    const auto hello = client.hello();
    const auto sent = client.send_mail("sender@example.com", {"orders@example.com"}, mail.text());
    EXPECT_FALSE(sent.accepted());
    EXPECT_THAT((std::vector{client.greeting().code, hello.code, sent.mail.code}),
                testing::Contains(AnyOf(421, 451)));
    EXPECT_THAT(scene.sendmail.queue(), IsEmpty());
    scene.milter.start();
    ASSERT_TRUE(scene.send({"orders@example.com"}, mail).accepted()) << scene.logs();
    EXPECT_THAT(scene.who_has(mail, {"orders", "ann", "ben", "cho"}), ElementsAre("ann"));
}

TEST(SendmailFailures, WithoutTheMilterAndWithoutFMailPassesUntouched) {
    Scene scene("");
    scene.milter.kill9();
    const auto mail = MessageText::fresh();
    ASSERT_TRUE(scene.send({"orders@example.com"}, mail).accepted()) << scene.sendmail.log();
    EXPECT_THAT(scene.who_has(mail, {"orders", "ann", "ben", "cho"}), ElementsAre("orders"));
}

}  // namespace
}  // namespace mailrota::rig
