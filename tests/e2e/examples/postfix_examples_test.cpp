// Boots each folder of postfix-examples/ as it stands; only paths become private ones.
#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>
#include <optional>

#include "tests/e2e/examples/example.h"
#include "tests/rig/connection.h"
#include "tests/rig/mailrota_milter.h"
#include "tests/rig/message_text.h"
#include "tests/rig/postfix.h"
#include "tests/rig/sendmail.h"
#include "tests/rig/smtp_client.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::SizeIs;

/// mailrota-milter with the text of an example's mailrota.toml. What the text leaves to the defaults below
/// /var and /run gets private places.
class ExampleMilter {
  public:
    ExampleMilter(const std::string& config, const fs::path& socket) : process_(command(config)) {
        const bool up = wait_until([&] { return accepts("unix:" + socket.string()) || !process_.running(); });
        EXPECT_TRUE(up && process_.running()) << log();
    }

    /// libmilter takes up to five seconds to notice a stop.
    ~ExampleMilter() { process_.kill(SIGKILL); }
    ExampleMilter(const ExampleMilter&) = delete;

    std::string log() const { return read_file(folder_ / "log"); }

  private:
    Command command(const std::string& config) const {
        write_file(folder_ / "mailrota.toml",
                   config + "\n[store]\nurl = \"sqlite:" + (folder_ / "state.db").string() +
                       "\"\n[control]\nsocket = \"" + (folder_ / "milter.ctl").string() + "\"\n");
        Command command;
        command.argv = {program("mailrota-milter"), "--config", folder_ / "mailrota.toml"};
        command.folder = folder_.path();
        command.output = folder_ / "log";
        return command;
    }

    TemporaryFolder folder_;
    Process process_;
};

/// Postfix with the lines of round-robin/main.cf and the milter that it expects.
class RoundRobin {
  public:
    RoundRobin() : postfix_(options()) {
        // As the package makes the folder: sockets inside take over its group.
        const auto sockets = postfix_.folder() / "spool/mailrota";
        fs::create_directory(sockets);
        give_to(sockets, "root", "postfix");
        fs::permissions(sockets, static_cast<fs::perms>(02750));
        const auto config = replaced(example_file("round-robin", "mailrota.toml"), "/var/spool/postfix",
                                     (postfix_.folder() / "spool").string());
        milter_.emplace(config, sockets / "milter.sock");
    }

    Postfix& postfix() { return postfix_; }
    std::string logs() const { return postfix_.log() + milter_->log(); }

  private:
    static PostfixOptions options() {
        PostfixOptions options;
        options.main_lines = lines(example_file("round-robin", "main.cf"));
        // The tests' client stands for a stranger, though it is one of $mynetworks.
        options.main_lines.emplace_back("smtpd_forbid_bare_newline_exclusions =");
        options.listeners = {{}, {"smtpd_forbid_bare_newline=no"}};
        return options;
    }

    Postfix postfix_;
    std::optional<ExampleMilter> milter_;
};

template <class Server>
void expect_one_order_each(const Server& server, const std::string& log) {
    for (const char* colleague : {"ann", "ben", "cho"})
        EXPECT_THAT(server.wait_for_mail(colleague), SizeIs(1)) << colleague << '\n' << log;
    EXPECT_THAT(server.mailbox("orders"), SizeIs(0));
}

template <class Server>
void send_three_orders(const Server& server) {
    auto client = SmtpClient::to_port(server.port());
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(client.send_mail("a@example.com", {"orders@example.com"}, MessageText::fresh().text())
                        .accepted());
}

template <class Server>
void submit_three_orders(const Server& server) {
    for (int i = 0; i < 3; ++i) {
        const auto result =
            server.sendmail("a@example.com", {"orders@example.com"}, MessageText::fresh().text());
        ASSERT_EQ(result.exit_code, 0) << result.errors;
    }
}

// A mail with a second one hidden behind <LF>.<CR><LF>, which is not the end of a mail.
void send_smuggled(const Postfix& postfix, std::size_t listener) {
    auto client = SmtpClient::to_port(postfix.port(listener));
    ASSERT_EQ(client.command("MAIL FROM:<a@example.com>").code, 250);
    ASSERT_EQ(client.command("RCPT TO:<orders@example.com>").code, 250);
    ASSERT_EQ(client.command("DATA").code, 354);
    client.send_raw(
        "Subject: outer\r\n\r\nHello.\n.\r\nMAIL FROM:<b@example.com>\r\nRCPT TO:<smuggled@example.com>\r\n"
        "DATA\r\nSubject: inner\r\n\r\nSurprise.\r\n.\r\n");
    ASSERT_EQ(client.read_reply().code, 250);
}

class Examples : public testing::TestWithParam<const char*> {};

TEST_P(Examples, ConfigurationIsFine) {
    const auto path = (example(GetParam()) / "mailrota.toml").string();
    const auto checked = run({program("mailrota"), "check", "--config", path});
    EXPECT_EQ(checked.exit_code, 0) << checked.errors;
    EXPECT_TRUE(checked.output.ends_with(path + ": ok\n")) << checked.output;
}

INSTANTIATE_TEST_SUITE_P(Each, Examples,
                         testing::Values("round-robin", "sendmail-round-robin", "dovecot-mailboxes",
                                         "sendmail-lmtp", "remote-puller", "relay", "relay-by-sender",
                                         "sendmail-relay", "on-call"));

TEST(Examples, EveryFolderIsBootedHere) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(example(""))) names.push_back(entry.path().filename());
    EXPECT_THAT(names, testing::UnorderedElementsAre(
                           "round-robin", "sendmail-round-robin", "dovecot-mailboxes", "sendmail-lmtp",
                           "remote-puller", "relay", "relay-by-sender", "sendmail-relay", "on-call"));
}

TEST(RoundRobin, OrdersBySmtpGoToThreeColleagues) {
    RoundRobin example;
    send_three_orders(example.postfix());
    expect_one_order_each(example.postfix(), example.logs());
}

TEST(RoundRobin, OrdersOfLocalProgramsGoToThreeColleagues) {
    RoundRobin example;
    submit_three_orders(example.postfix());
    expect_one_order_each(example.postfix(), example.logs());
}

TEST(RoundRobin, SmuggledMailStaysInsideTheFirst) {
    RoundRobin example;
    send_smuggled(example.postfix(), 0);
    EXPECT_THAT(example.postfix().wait_for_mail("ann"), testing::ElementsAre(HasSubstr("Subject: inner")))
        << example.logs();
    EXPECT_TRUE(example.postfix().wait_for_empty_queue());
    EXPECT_THAT(example.postfix().mailbox("smuggled"), SizeIs(0)) << example.logs();

    // Without the example's setting the same bytes are two mails.
    send_smuggled(example.postfix(), 1);
    EXPECT_THAT(example.postfix().wait_for_mail("smuggled"), SizeIs(1)) << example.logs();
}

/// Sendmail with the lines of sendmail-round-robin/mailrota.mc and the milter that it expects.
class SendmailRoundRobin {
  public:
    SendmailRoundRobin()
        : milter_(privately(example_file("sendmail-round-robin", "mailrota.toml")), sockets_ / "milter.sock"),
          sendmail_(options()) {}

    Sendmail& sendmail() { return sendmail_; }
    std::string logs() const { return sendmail_.log() + milter_.log(); }

  private:
    std::string privately(const std::string& text) const {
        return replaced(text, "/run/mailrota", sockets_.path().string());
    }
    SendmailOptions options() const {
        SendmailOptions options;
        options.mc_lines = lines(privately(example_file("sendmail-round-robin", "mailrota.mc")));
        return options;
    }

    TemporaryFolder sockets_{TemporaryFolder::Place::run};
    ExampleMilter milter_;
    Sendmail sendmail_;
};

TEST(SendmailRoundRobin, OrdersBySmtpGoToThreeColleagues) {
    SendmailRoundRobin example;
    send_three_orders(example.sendmail());
    expect_one_order_each(example.sendmail(), example.logs());
}

TEST(SendmailRoundRobin, OrdersOfLocalProgramsGoToThreeColleagues) {
    SendmailRoundRobin example;
    submit_three_orders(example.sendmail());
    expect_one_order_each(example.sendmail(), example.logs());
}

}  // namespace
}  // namespace mailrota::rig
