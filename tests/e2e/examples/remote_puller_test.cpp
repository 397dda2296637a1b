// Boots postfix-examples/remote-puller as it stands: nullmailer, the box, a puller, and the Postfix of the
// host that sends. The tests play nginx.
#include <gmock/gmock.h>

#include <sstream>

#include "tests/e2e/examples/example.h"
#include "tests/rig/http_client.h"
#include "tests/rig/message_text.h"
#include "tests/rig/nullmailer.h"
#include "tests/rig/postfix.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr auto inner_url = "http://127.0.0.1/boxes/out";  // as nginx asks

class RemotePuller : public testing::Test {
  protected:
    RemotePuller()
        : nullmailer(port),
          programs(config(), {"mailrota-lmtp", "mailrota-web", "mailrota-worker"}),
          postfix(sending_host()) {}

    /// The socket's folder and the token are as the README has them made.
    std::string config() const {
        write_file(folder / "out.token", "b2cWY0m7V3l9QyTq\n");
        fs::permissions(folder / "out.token", static_cast<fs::perms>(0600));
        auto text = replaced(file("mailrota.toml"), "/etc/mailrota/secrets", folder.path().string());
        text = replaced(text, "/run/mailrota-web.sock", (folder / "web.sock").string());
        return replaced(text, "12345", std::to_string(port));
    }
    static PostfixOptions sending_host() {
        PostfixOptions options;
        options.main_lines = {
            "smtpd_recipient_restrictions = check_recipient_access inline:{gone@example.com=REJECT}"};
        return options;
    }
    static std::string file(const std::string& name) { return example_file("remote-puller", name); }

    /// The command of mailrota-pull.service, run once, over the socket that nginx speaks to.
    RunResult pull() const {
        auto unit = replaced(file("mailrota-pull.service"), "\\\n", "");
        const auto start = unit.find("ExecStart=") + 10;
        unit = unit.substr(start, unit.find('\n', start) - start);
        unit = replaced(unit, "/usr/bin/mailrota", program("mailrota"));
        unit = replaced(unit, "--follow", "--unix-socket " + (folder / "web.sock").string());
        unit = replaced(unit, "127.0.0.1:25", "127.0.0.1:" + std::to_string(postfix.port()));
        unit = replaced(unit, "/etc/mailrota/secrets", folder.path().string());
        unit = replaced(unit, "/var/lib/mailrota-pull", folder.path().string());
        unit = replaced(unit, "https://www.example.com/mailrota/boxes/out", inner_url);
        std::istringstream words(unit);
        std::vector<std::string> argv;
        for (std::string word; words >> word;) argv.push_back(word);
        return run(argv);
    }
    std::string logs() const { return nullmailer.log() + programs.log() + postfix.log(); }

    /// What the application sends; it lies in the box when this returns.
    void send(const std::vector<std::string>& recipients, const MessageText& mail) const {
        const auto taken = nullmailer.sendmail("app@example.com", recipients, mail.text());
        ASSERT_EQ(taken.exit_code, 0) << taken.errors;
        ASSERT_TRUE(nullmailer.wait_for_empty_queue(std::chrono::seconds(30))) << logs();
        ASSERT_EQ(nullmailer.failed(), 0U) << logs();
    }

    int port = free_port();
    TemporaryFolder folder{TemporaryFolder::Place::run};
    Nullmailer nullmailer;
    ExamplePrograms programs;
    Postfix postfix;
};

TEST_F(RemotePuller, TheMailArrivesAndDoesNotTellWhereItWasMade) {
    EXPECT_EQ(file("remotes"), "127.0.0.1 smtp port=12345\n");
    auto mail = MessageText::fresh();
    mail.more = {{"X-Originating-IP", "[192.0.2.7]"},
                 {"Received", "from app by web.example.com; now"},
                 {"MIME-Version", "1.0"},
                 {"Content-Type", "text/html; charset=iso-8859-1"}};
    mail.body = "<p>\xfc\xdf</p>\n.\n  \n\n";
    send({"bob@example.com", "eve@example.com"}, mail);
    EXPECT_EQ(postfix.delivered(), 0U) << "it waits in the box";
    const auto pulled = pull();
    EXPECT_EQ(pulled.exit_code, 0) << pulled.errors << logs();
    for (const char* user : {"bob", "eve"}) {
        const auto arrived = postfix.wait_for_mail(user);
        ASSERT_THAT(arrived, SizeIs(1)) << pulled.output << pulled.errors << logs();
        for (const char* trace : {"web.example.com", "192.0.2.7", "nullmailer", "Originating"})
            EXPECT_THAT(arrived[0], Not(HasSubstr(trace)));
        EXPECT_THAT(arrived[0], HasSubstr("\nMessage-ID: " + mail.message_id + "\n"));
        EXPECT_TRUE(arrived[0].ends_with("\n\n" + mail.body)) << arrived[0];
    }
    EXPECT_EQ(pull().exit_code, 0);
    EXPECT_EQ(postfix.delivered(), 2U) << "nothing comes twice";
}

TEST_F(RemotePuller, TheSenderIsToldOfARecipientWhomTheOtherHostRefuses) {
    send({"bob@example.com", "gone@example.com"}, MessageText::fresh());
    pull();
    EXPECT_THAT(postfix.wait_for_mail("bob"), SizeIs(1)) << logs();
    // The notification takes the way of all mail: by the listener into the box, and out with the next pull.
    EXPECT_TRUE(wait_until(
        [&] {
            pull();
            return !postfix.mailbox("app").empty();
        },
        std::chrono::seconds(30)))
        << logs();
    EXPECT_THAT(postfix.mailbox("app"),
                ElementsAre(AllOf(HasSubstr("Final-Recipient: rfc822; gone@example.com"),
                                  HasSubstr("Action: failed"), HasSubstr("554 5.7.1"),
                                  Not(HasSubstr("Final-Recipient: rfc822; bob@example.com")))))
        << logs();
    EXPECT_THAT(postfix.mailbox("bob"), SizeIs(1));
}

TEST_F(RemotePuller, OnlyTheAllowedAddressGetsAnythingThroughTheProxy) {
    send({"bob@example.com"}, MessageText::fresh());
    HttpClient nginx("unix:" + (folder / "web.sock").string(),
                     {{"Authorization", "Bearer b2cWY0m7V3l9QyTq"}});
    const auto ask = [&](const std::string& puller) {
        return nginx.request("POST", "/boxes/out/lease", "{}", {{"X-Forwarded-For", puller}});
    };
    EXPECT_EQ(ask("192.0.2.99").status, 403);
    EXPECT_EQ(ask("192.0.2.25").status, 200) << logs();
}

}  // namespace
}  // namespace mailrota::rig
