// Boots postfix-examples/dovecot-mailboxes as it stands.
#include <gmock/gmock.h>

#include "tests/e2e/examples/example.h"
#include "tests/rig/dovecot.h"
#include "tests/rig/message_text.h"
#include "tests/rig/postfix.h"
#include "tests/rig/smtp_client.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

/// Postfix, mailrota-lmtp, mailrota-worker and Dovecot with the lines of the example; cho has no mailbox.
class DovecotMailboxes : public testing::Test {
  protected:
    DovecotMailboxes() : dovecot({"ann", "ben", "office"}), postfix(options()), programs(config(), names) {}

    PostfixOptions options() const {
        PostfixOptions options;
        options.main_lines = lines(file("main.cf"));
        options.master_lines = lines(replaced(file("master.cf"), "10026", std::to_string(reinject_port)));
        return options;
    }
    /// The socket's folder is as the package makes it: what is made inside takes over its group.
    std::string config() const {
        const auto spool = postfix.folder() / "spool";
        fs::create_directory(spool / "mailrota");
        give_to(spool / "mailrota", "root", "postfix");
        fs::permissions(spool / "mailrota", static_cast<fs::perms>(02750));
        auto text = replaced(file("mailrota.toml"), "/var/spool/postfix", spool.string());
        text = replaced(text, "/run/dovecot/lmtp", dovecot.socket().string());
        return replaced(text, "10026", std::to_string(reinject_port));
    }
    static std::string file(const std::string& name) { return example_file("dovecot-mailboxes", name); }

    SmtpTransaction send(const std::string& recipient, const MessageText& mail = MessageText::fresh()) {
        return SmtpClient::to_port(postfix.port()).send_mail("office@example.com", {recipient}, mail.text());
    }
    std::string logs() const { return postfix.log() + programs.log() + dovecot.log(); }

    static inline const std::vector<std::string> names = {"mailrota-lmtp", "mailrota-worker"};
    int reinject_port = free_port();
    Dovecot dovecot;
    Postfix postfix;
    ExamplePrograms programs;
};

TEST_F(DovecotMailboxes, OrdersGoToTheColleaguesInTurnAndDovecotsWordsComeBack) {
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(send("orders@example.com").accepted()) << logs();
        ASSERT_TRUE(postfix.wait_for_empty_queue()) << logs();
    }
    EXPECT_THAT(dovecot.mailbox("ann"), ElementsAre(HasSubstr("\nX-Mailrota-Trace: "))) << logs();
    EXPECT_THAT(dovecot.mailbox("ben"), SizeIs(1)) << logs();
    // Cho has no mailbox: Dovecot's words, and the address that the sender used.
    ASSERT_THAT(dovecot.wait_for_mail("office"), SizeIs(1)) << logs();
    const auto bounce = dovecot.mailbox("office")[0];
    EXPECT_THAT(bounce, HasSubstr("550 5.1.1 <cho@example.com> User doesn't exist"));
    EXPECT_THAT(bounce, HasSubstr("Original-Recipient: rfc822;orders@example.com"));
}

TEST_F(DovecotMailboxes, MailForAMailboxPassesAndNoOtherAddressIsTaken) {
    ASSERT_TRUE(send("ben@example.com").accepted()) << logs();
    EXPECT_THAT(dovecot.wait_for_mail("ben"), ElementsAre(testing::Not(HasSubstr("X-Mailrota-Trace"))))
        << logs();
    EXPECT_EQ(send("nobody@example.com").rcpts.at(0).code, 550);
}

TEST_F(DovecotMailboxes, TheWorkerTellsOfSuccessWhereDovecotCannot) {
    ASSERT_TRUE(send("<ann@example.com> NOTIFY=SUCCESS").accepted()) << logs();
    EXPECT_THAT(dovecot.wait_for_mail("office"), ElementsAre(HasSubstr("Action: relayed"))) << logs();
}

}  // namespace
}  // namespace mailrota::rig
