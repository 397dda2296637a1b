// M18 as far as it is about what is right, not about speed.
#include <gmock/gmock.h>

#include <future>
#include <map>
#include <set>

#include "tests/e2e/postfix/scene.h"

namespace mailrota::e2e {
namespace {

using rig::MessageText;
using rig::SmtpClient;
using testing::ElementsAreArray;

constexpr std::string_view policy = R"(
[rota.orders]
addresses = ["orders@example.com"]
members   = ["ann@example.com", "ben@example.com", "cho@example.com", "dan@example.com"]
[rota.hundred]
addresses = ["hundred@example.com"]
members   = ["person-42@example.com"]
)";

TEST(M18, MailToAHundredRecipientsReachesEachOnce) {
    Scene scene(policy);
    std::vector<std::string> recipients = {"hundred@example.com"};
    std::set<std::string> expected;
    for (int i = 1; i < 100; ++i) {
        const auto local_part = "person-" + std::to_string(i);
        recipients.push_back(local_part + "@example.com");
        expected.insert(local_part);
    }
    EXPECT_THAT(scene.arrivals_after_sending(MessageText::fresh(), recipients), ElementsAreArray(expected))
        << scene.milter().log();
}

// Sends so many mails in one session; their Message-IDs, but of those that were not taken.
std::vector<std::string> send_many(int port, int mails) {
    auto client = SmtpClient::to_port(port);
    std::vector<std::string> ids;
    for (int i = 0; i < mails; ++i) {
        const auto mail = MessageText::fresh();
        if (client.send_mail("sender@example.com", {"orders@example.com"}, mail.text()).accepted())
            ids.push_back(mail.message_id);
    }
    return ids;
}

TEST(M18, TwentySessionsShareTheTurnsFairly) {
    constexpr int sessions = 20;
    constexpr int mails = 50;
    Scene scene(policy);
    std::vector<std::future<std::vector<std::string>>> running;
    for (int i = 0; i < sessions; ++i)
        running.push_back(std::async(std::launch::async, send_many, scene.postfix().port(), mails));
    std::set<std::string> sent;
    for (auto& one : running)
        for (auto& id : one.get()) sent.insert(std::move(id));
    EXPECT_EQ(sent.size(), static_cast<std::size_t>(sessions * mails)) << scene.milter().log();
    ASSERT_TRUE(scene.postfix().wait_for_empty_queue(std::chrono::seconds(60)));

    std::map<std::string, int> arrived;
    for (const char* colleague : {"ann", "ben", "cho", "dan"}) {
        const auto mailbox = scene.postfix().mailbox(colleague);
        EXPECT_EQ(mailbox.size(), sessions * mails / 4) << colleague;
        for (const auto& text : mailbox) {
            const auto at = text.find("\nMessage-ID: ") + 13;
            ++arrived[text.substr(at, text.find('\n', at) - at)];
        }
    }
    EXPECT_EQ(arrived.size(), sent.size());
    for (const auto& [id, times] : arrived) EXPECT_EQ(times, 1) << id;
}

}  // namespace
}  // namespace mailrota::e2e
