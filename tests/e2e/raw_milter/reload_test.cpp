#include <signal.h>

#include <atomic>
#include <thread>

#include "tests/e2e/raw_milter/offer.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string to_one(const std::string& member) {
    return configuration("[rota.orders]\naddresses = [\"orders@example.com\"]\nmembers = [\"" + member +
                         "\"]\n");
}

/// Sessions that offer orders one after the other, a few in each session, until they are stopped.
class Load {
  public:
    Load(const MailrotaMilter& milter, int threads) {
        for (int thread = 0; thread < threads; ++thread)
            threads_.emplace_back([this, &milter] { work(milter); });
    }
    ~Load() { stop(); }
    void stop() {
        stopping_ = true;
        for (auto& thread : threads_) thread.join();
        threads_.clear();
    }
    int accepted() const { return accepted_; }
    int refused() const { return refused_; }  ///< deferrals and refusals
    int dropped() const {
        return dropped_;
    }  ///< sessions that the filter ended, and mails to nobody of the rota

  private:
    void work(const MailrotaMilter& milter) {
        while (!stopping_) {
            try {
                auto client = MilterClient::to(milter.socket());
                for (int mail = 0; mail < 5; ++mail) offer_one(client);
                client.quit();
            } catch (const std::exception&) {
                ++dropped_;
            }
        }
    }
    void offer_one(MilterClient& client) {
        const auto message = mail_to({"orders@example.com"});
        const auto outcome = client.send_message(message);
        if (!outcome.verdict.goes_on()) {
            ++refused_;
            return;
        }
        const auto recipients = outcome.final_recipients(message);
        const bool right = recipients.size() == 1 && recipients[0] != "orders@example.com";
        ++(right ? accepted_ : dropped_);
    }

    std::atomic<bool> stopping_ = false;
    std::atomic<int> accepted_ = 0, refused_ = 0, dropped_ = 0;
    std::vector<std::thread> threads_;
};

void expect_reloads(MailrotaMilter& milter, int count, const std::function<void()>& reload) {
    Load load(milter, 8);
    for (int round = 0; round < count; ++round) {
        const int before = load.accepted();
        EXPECT_TRUE(wait_until([&] { return load.accepted() > before + 5; }));
        milter.write_config(to_one(round % 2 == 0 ? "ben@example.com" : "ann@example.com"));
        reload();
        const auto generation = "generation=" + std::to_string(round + 2);
        EXPECT_TRUE(milter.wait_for_log(generation)) << generation;
    }
    load.stop();
    EXPECT_EQ(load.refused(), 0);
    EXPECT_EQ(load.dropped(), 0);
    EXPECT_GT(load.accepted(), count * 5);
    EXPECT_TRUE(milter.running());
}

TEST(M9, ReloadsBySignalUnderLoadLoseNothing) {
    MailrotaMilter milter(to_one("ann@example.com"));
    expect_reloads(milter, 15, [&] { milter.reload(); });
}

TEST(M9, ReloadsByCommandUnderLoadLoseNothing) {
    MailrotaMilter milter(to_one("ann@example.com"));
    expect_reloads(milter, 4, [&] {
        const auto result = milter.mailrota({"reload"});
        EXPECT_EQ(result.exit_code, 0) << result.errors << result.output;
    });
}

TEST(M9, ASessionKeepsThePolicyItNegotiated) {
    const MailrotaMilter milter(to_one("ann@example.com"));
    auto older = MilterClient::to(milter.socket());
    milter.write_config(to_one("ben@example.com"));
    milter.reload();
    ASSERT_TRUE(milter.wait_for_log("generation=2"));

    const auto first = mail_to({"orders@example.com"});
    EXPECT_THAT(older.send_message(first).final_recipients(first), ElementsAre("ann@example.com"));
    EXPECT_THAT(recipients_of(milter, mail_to({"orders@example.com"})), ElementsAre("ben@example.com"));
    const auto status = milter.mailrota({"status", "--json"});
    EXPECT_THAT(status.output, HasSubstr("\"sessions_on_older_policy\":1")) << status.errors;
    older.quit();
    EXPECT_TRUE(wait_until([&] { return has(ask(milter, "status"), "\"sessions_on_older_policy\":0"); }));
}

TEST(M9, ABrokenConfigurationKeepsTheOldOneAndSaysSo) {
    const MailrotaMilter milter(to_one("ann@example.com"));
    milter.write_config(to_one("ben@@example.com"));
    milter.reload();
    EXPECT_TRUE(milter.wait_for_log("the configuration in force stays"));
    EXPECT_THAT(milter.log(), HasSubstr("mailrota.toml:10: error: rota.orders.members"));
    EXPECT_THAT(recipients_of(milter, mail_to({"orders@example.com"})), ElementsAre("ann@example.com"));

    const auto result = milter.mailrota({"reload"});
    EXPECT_NE(result.exit_code, 0);
    EXPECT_THAT(result.errors + result.output, HasSubstr("mailrota.toml:10: error"));
    EXPECT_THAT(recipients_of(milter, mail_to({"orders@example.com"})), ElementsAre("ann@example.com"));
}

TEST(M9, AReloadMayAddABodyRule) {
    const MailrotaMilter milter(to_one("ann@example.com"));
    auto older = MilterClient::to(milter.socket());
    milter.write_config(to_one("ann@example.com") +
                        "[[rule]]\nwhen.body = \"*secret*\"\nthen = [{ reject = \"no\" }]\n");
    milter.reload();
    ASSERT_TRUE(milter.wait_for_log("generation=2"));
    auto message = mail_to({"orders@example.com"});
    message.body = "a secret\r\n";
    EXPECT_THAT(older.send_message(message).final_recipients(message), ElementsAre("ann@example.com"));
    EXPECT_THAT(offer(milter, message).verdict.text, HasSubstr("550"));
}

TEST(Lists, AChangedFileIsPickedUp) {
    const std::string policy = R"(
[list.important]
file = "important.list"
[[rule]]
when.sender = { list = "important" }
then = [{ redirect = "ann@example.com" }]
)";
    const MailrotaMilter milter(configuration(policy));  // the list is not there yet
    EXPECT_THAT(offer(milter, mail_to({"orders@example.com"})).verdict.text, HasSubstr("4"));
    write_file(milter.folder() / "important.list", "# nobody yet\n");
    EXPECT_TRUE(wait_until([&] { return lines_with(milter.log(), "a list changed").size() == 1; }));
    EXPECT_THAT(recipients_of(milter, mail_to({"orders@example.com"})), ElementsAre("orders@example.com"));
    write_file(milter.folder() / "new.list", "sender@example.com\n");
    std::filesystem::rename(milter.folder() / "new.list", milter.folder() / "important.list");
    EXPECT_TRUE(wait_until([&] { return lines_with(milter.log(), "a list changed").size() == 2; }));
    EXPECT_THAT(recipients_of(milter, mail_to({"orders@example.com"})), ElementsAre("ann@example.com"));
}

}  // namespace
}  // namespace mailrota::rig
