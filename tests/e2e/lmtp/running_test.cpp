#include <atomic>
#include <filesystem>
#include <thread>

#include "tests/e2e/lmtp/scene.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(L10, AMailInProgressIsFinishedAndThenTheClientIsTold421) {
    Lmtp lmtp(lmtp_configuration());
    auto idle = lmtp.client();
    auto busy = lmtp.client();
    busy.command("MAIL FROM:<ann@example.com>");
    busy.command("RCPT TO:<drop@example.com>");
    lmtp.terminate();
    EXPECT_EQ(idle.read_reply().code, 421);
    EXPECT_EQ(busy.command("DATA").code, 354);
    busy.send_raw(dot_stuffed(fresh_mail()));
    EXPECT_EQ(busy.read_reply().code, 250);
    EXPECT_EQ(busy.read_reply().code, 421);
    EXPECT_EQ(lmtp.wait(std::chrono::seconds(10)), 0) << lmtp.log();
    EXPECT_THAT(lmtp.log(), HasSubstr("stopped outcome=ok"));
}

TEST(L10, UnderLoadNoTransactionIsCut) {
    Lmtp lmtp(lmtp_configuration());
    std::atomic<int> accepted = 0, cut = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < 8; ++i)
        clients.emplace_back([&] {
            try {
                auto client = lmtp.client();
                for (;;) {
                    const auto sent =
                        client.send_mail("ann@example.com", {"drop@example.com"}, "Subject: x\n\nhi\n");
                    if (sent.mail.code == 421 || sent.mail.code == 0) return;
                    ++(sent.accepted() ? accepted : cut);
                }
            } catch (const std::exception&) {  // not connected yet when it stopped
            }
        });
    EXPECT_TRUE(wait_until([&] { return accepted > 100; }));
    EXPECT_EQ(lmtp.stop(), 0);
    for (auto& client : clients) client.join();
    EXPECT_EQ(cut, 0);
}

TEST(Stop, AClientThatStallsInATransactionIsCutAfterTheDrain) {
    Lmtp lmtp(lmtp_configuration("drain = \"1s\""));
    auto busy = lmtp.client();
    busy.command("MAIL FROM:<ann@example.com>");
    lmtp.terminate();
    EXPECT_EQ(lmtp.wait(std::chrono::seconds(10)), 0) << lmtp.log();
    EXPECT_THAT(lmtp.log(), HasSubstr("stopped outcome=cut"));
}

TEST(Reload, NewMailsTakeTheNewPolicyAndTheSessionGoesOn) {
    Lmtp lmtp(lmtp_configuration());
    auto client = lmtp.client();
    EXPECT_TRUE(client.send_mail("ann@example.com", {"drop@example.com"}, fresh_mail()).accepted());
    client.command("MAIL FROM:<ann@example.com>");
    client.command("RCPT TO:<drop@example.com>");
    lmtp.write_config(lmtp_configuration(
        "", "[[rule]]\nwhen.rcpt = \"drop*\"\nwhen.subject = \"*\"\nthen = [{ reject = \"no more\" }]\n"));
    EXPECT_EQ(lmtp.mailrota({"reload"}).exit_code, 0);
    client.command("DATA");
    client.send_raw(dot_stuffed(fresh_mail()));
    EXPECT_EQ(client.read_reply().code, 250) << "the mail keeps the policy it began with";
    EXPECT_THAT(codes(client.send_mail("ann@example.com", {"drop@example.com"}, fresh_mail()).results),
                ElementsAre(550));
}

TEST(Reload, ABrokenConfigurationKeepsTheOldOne) {
    Lmtp lmtp(lmtp_configuration());
    lmtp.write_config("[[[");
    lmtp.reload();
    EXPECT_TRUE(lmtp.wait_for_log("the configuration in force stays"));
    EXPECT_TRUE(lmtp.serves());
}

TEST(StoreAway, EverythingIsDeferredUntilItIsThere) {
    const Lmtp lmtp(
        "[control]\nsocket = \"\"\n[store]\nurl = \"sqlite:{folder}/later/state.db\"\n[listener.inbound]\n"
        "protocol = \"lmtp\"\nsocket = \"unix:{run}/lmtp.sock\"\n" +
        std::string(by_name));
    auto client = lmtp.client();
    const auto deferred = client.send_mail("ann@example.com", {"drop@example.com"}, fresh_mail());
    EXPECT_THAT(codes(deferred.rcpts), ElementsAre(451));
    EXPECT_THAT(deferred.rcpts[0].text, HasSubstr("4.3.0"));
    EXPECT_THAT(lmtp.log(), HasSubstr("store-away"));
    std::filesystem::create_directory(lmtp.folder() / "later");
    EXPECT_TRUE(lmtp.wait_for_log("store-open"));
    EXPECT_TRUE(client.send_mail("ann@example.com", {"drop@example.com"}, fresh_mail()).accepted());
}

TEST(Status, NamesSessionsAndMailsOfEachListener) {
    const Lmtp lmtp(lmtp_configuration());
    ASSERT_TRUE(lmtp.serves());
    const auto client = lmtp.client();
    EXPECT_TRUE(wait_until([&] {
        return lmtp.mailrota({"status", "--json"}).output.find("\"listener.inbound.sessions\":1") !=
               std::string::npos;
    }));
    const auto status = lmtp.mailrota({"status", "--program", "lmtp"});
    EXPECT_EQ(status.exit_code, 0) << status.errors;
    EXPECT_THAT(status.output, HasSubstr("listener.inbound.mails              1"));
    EXPECT_THAT(lmtp.mailrota({"metrics"}).output, HasSubstr("mailrota_store_open 1"));
}

TEST(Start, SaysWhatIsMissing) {
    const TemporaryFolder folder;
    write_file(folder / "c.toml",
               "[control]\nsocket = \"\"\n[listener.a]\nsocket = \"unix:/nonexistent/a\"\n");
    const auto without = run({program("mailrota-lmtp"), "--config", folder / "c.toml"});
    EXPECT_EQ(without.exit_code, 78);
    EXPECT_THAT(without.errors, HasSubstr("there is no [listener.NAME] with protocol = \"lmtp\""));
    const Lmtp lmtp(lmtp_configuration());
    const auto second = run({program("mailrota-lmtp"), "--config", lmtp.config_path()});
    EXPECT_EQ(second.exit_code, 69) << second.errors;
    EXPECT_THAT(second.errors, HasSubstr("another process answers on"));
}

}  // namespace
}  // namespace mailrota::rig
