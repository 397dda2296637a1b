#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/runtime/control.h"
#include "core/runtime/intake.h"
#include "core/runtime/policy_source.h"
#include "ctl/command_line.h"

namespace mailrota::ctl {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A Friday, 10:00 UTC.
constexpr std::chrono::sys_seconds now{std::chrono::seconds(1'795'168'800)};

constexpr const char* mail_text =
    "From: Customer <customer@example.net>\nTo: orders@example.com\nSubject: An order\n"
    "Message-ID: <1@example.net>\nDate: Fri, 20 Nov 2026 10:00:00 +0000\n\nTen of them.\n";

// One run of the program, in a folder with a configuration.
class Command : public testing::Test {
  protected:
    Command() {
        setenv("TZ", "UTC", 1);
        std::string pattern = testing::TempDir() + "mailrota-ctl-XXXXXX";
        folder = mkdtemp(pattern.data());
        configure("");
        std::ofstream(folder + "/mail.eml") << mail_text;
    }
    ~Command() override { std::filesystem::remove_all(folder); }

    void configure(const std::string& more) const {
        std::ofstream(folder + "/c.toml") << "[store]\nurl = \"sqlite:" << folder
                                          << "/state.db\"\n[control]\nsocket = \"" << folder << "/ctl\"\n"
                                          << "[rota.orders]\naddresses = [\"orders@example.com\"]\n"
                                          << "members = [\"ann@example.com\", \"ben@example.com\"]\n"
                                          << more;
    }
    // Does what the milter does with a mail; makes the database on the way.
    void take(const std::string& text) const {
        const auto source = std::move(runtime::PolicySource::open(folder + "/c.toml").value());
        const auto store = std::move(store::open_store(source->current()->config.store.url).value());
        runtime::Intake intake(*store, store->trace_secret().value(), [] { return now; });
        mail::Mail mail;
        mail.message = mail::Message::from_bytes(text);
        mail.queue_id = "4XyZ";
        mail.key = mail::message_key(mail.message, "4XyZ", "nonce");
        mail.envelope.recipients.push_back({mail::Address::from_envelope("<orders@example.com>"), {}});
        const auto taken =
            intake.take(*source->current()->policy, mail, policy::Granularity::whole_mail_only);
        ASSERT_FALSE(taken.trouble) << taken.trouble->text;
    }
    int run(std::vector<std::string> arguments, const std::string& input = "") {
        arguments.insert(arguments.end(), {"--config", folder + "/c.toml"});
        return run_bare(arguments, input);
    }
    int run_bare(const std::vector<std::string>& arguments, const std::string& input = "") {
        std::istringstream in(input);
        std::ostringstream out_stream, err_stream;
        Console console{in, out_stream, err_stream, [] { return now; }, colours};
        const int code = ctl::run(arguments, console);
        out = out_stream.str();
        err = err_stream.str();
        return code;
    }

    std::string folder;
    std::string out;
    std::string err;
    bool colours = false;
};

TEST_F(Command, CheckSaysOkOrEveryError) {
    EXPECT_EQ(run({"check"}), 0);
    EXPECT_EQ(out, folder + "/c.toml: ok\n");
    configure("colour = 3\n[rota.other]\nmembers = [\"no address\"]\n");
    EXPECT_EQ(run({"check"}), 1);
    EXPECT_THAT(out, HasSubstr("c.toml:8: error: rota.orders: unknown key"));
    EXPECT_THAT(out, HasSubstr("c.toml:10: error: rota.other.members"));
    EXPECT_EQ(run({"check", "--json"}), 1);
    EXPECT_THAT(out, HasSubstr(R"({"ok":false,"diagnostics":[{"severity":"error")"));
    std::filesystem::remove(folder + "/c.toml");
    EXPECT_EQ(run({"check"}), 1);
    EXPECT_THAT(err, HasSubstr("No such file"));
    EXPECT_FALSE(std::filesystem::exists(folder + "/state.db"));
}

TEST_F(Command, LookingMakesNoDatabase) {
    EXPECT_EQ(run({"explain", folder + "/mail.eml"}), 0);
    EXPECT_THAT(err, HasSubstr("there is no database yet"));
    EXPECT_EQ(run({"rota", "show"}), 0);
    EXPECT_EQ(run({"rota", "history"}), 0);
    EXPECT_EQ(out, "nobody has had a turn\n");
    EXPECT_EQ(run({"rota", "pause", "orders", "ann"}), 3);
    EXPECT_THAT(err, HasSubstr("the milter makes it when it first starts"));
    EXPECT_FALSE(std::filesystem::exists(folder + "/state.db"));
}

TEST_F(Command, ExplainUsesTheStateAndChangesNothing) {
    take("Message-ID: <0@example.net>\n\n");
    for (int times = 0; times < 2; ++times) {
        EXPECT_EQ(run({"explain", "-"}, mail_text), 0);
        EXPECT_THAT(out, HasSubstr("redirect to <ben@example.com>"));
        EXPECT_THAT(err, IsEmpty());
    }
    EXPECT_EQ(run({"rota", "history", "--json"}), 0);
    EXPECT_THAT(out, Not(HasSubstr("<1@example.net>")));
}

TEST_F(Command, ExplainSaysWhatTheMailGotBefore) {
    take(mail_text);
    EXPECT_EQ(run({"explain", folder + "/mail.eml"}), 0);
    EXPECT_THAT(out, HasSubstr("ann@example.com (turn, drawn before for this mail)"));
}

TEST_F(Command, ExplainTakesTheEnvelopeFromTheCommandLine) {
    EXPECT_EQ(
        run({"explain", "-", "--sender", "<>", "--rcpt", "x@example.com", "--rcpt", "orders@example.com"},
            "From jim Fri Nov 20 10:00:00 2026\n" + std::string(mail_text)),
        0);
    EXPECT_THAT(out, HasSubstr("  from <>\n  to <x@example.com>: keep"));
    EXPECT_THAT(out, HasSubstr("  to <orders@example.com>: redirect to <ann@example.com>"));
    EXPECT_EQ(run({"explain", "-", "--json"}, mail_text), 0);
    EXPECT_THAT(out,
                HasSubstr(R"("recipient":"orders@example.com","fate":"redirect","to":["ann@example.com"])"));
}

TEST_F(Command, ExplainAnswersAtRcptWhereTheListenerDoes) {
    for (const std::string protocol : {"lmtp", "smtp"}) {
        configure("[listener.a]\nprotocol = \"" + protocol +
                  "\"\nsocket = \"inet:127.0.0.1:2424\"\nnext_hop = \"lmtp:unix:/run/x\"\nreinject = "
                  "\"smtp:127.0.0.1:10026\"\n"
                  "[[rule]]\nwhen.rcpt = \"never@example.com\"\nthen = [{ reject = \"no\" }]\n");
        EXPECT_EQ(run({"explain", "-", "--rcpt", "x@example.com", "--rcpt", "never@example.com"}, mail_text),
                  0)
            << err;
        EXPECT_EQ(out.find("at RCPT") != std::string::npos, protocol == "lmtp") << out;
        EXPECT_THAT(out, HasSubstr("never@example.com>: "));
    }
}

TEST_F(Command, ExplainRefusesWhatItCannotAnswer) {
    EXPECT_EQ(run({"explain", "-"}, "Subject: nobody\n\n"), 2);
    EXPECT_THAT(err, HasSubstr("no --rcpt"));
    EXPECT_EQ(run({"explain", "-", "--listener", "nope"}, mail_text), 2);
    EXPECT_THAT(err, HasSubstr("there is no listener \"nope\""));
    EXPECT_EQ(run({"explain", "-", "--at", "teatime"}, mail_text), 2);
    EXPECT_EQ(run({"explain", folder + "/missing.eml"}), 1);
    EXPECT_EQ(run({"explain"}), 2);
    std::ofstream(folder + "/state.db") << "this is no database, though it is long enough to be looked at";
    EXPECT_EQ(run({"explain", folder + "/mail.eml"}), 3);
    EXPECT_THAT(out, IsEmpty());
}

TEST_F(Command, ShowSaysWhoIsNext) {
    take(mail_text);
    EXPECT_EQ(run({"rota", "show", "orders"}), 0);
    EXPECT_EQ(out,
              "rota orders for orders@example.com\n"
              "  MEMBER           WEIGHT  CREDIT  TODAY  TURNS  LAST                 NOW\n"
              "  ann@example.com  1       -0.50   1      1      2026-11-20 10:00:00  available\n"
              "  ben@example.com  1       +0.50   0      0      never                available\n"
              "  next: ben@example.com (turn)\n");
    EXPECT_EQ(run({"rota", "show", "nope"}), 1);
    EXPECT_THAT(err, HasSubstr("there is no rota \"nope\"; there are: orders"));
}

TEST_F(Command, PauseAndResume) {
    take(mail_text);
    EXPECT_EQ(run({"rota", "pause", "orders", "BEN@example.com", "--for", "2h"}), 0);
    EXPECT_EQ(out, "ben@example.com in rota orders: paused until 2026-11-20 12:00:00\n");
    EXPECT_EQ(run({"rota", "show"}), 0);
    EXPECT_THAT(out, HasSubstr("paused until 2026-11-20 12:00:00"));
    EXPECT_THAT(out, HasSubstr("next: ann@example.com"));
    EXPECT_THAT(out, HasSubstr("+0.50")) << "the credit stays as it is";
    EXPECT_EQ(run({"rota", "resume", "orders", "ben", "--json"}), 0);
    EXPECT_EQ(out, "{\"rota\":\"orders\",\"member\":\"ben@example.com\",\"paused\":false}\n");
    EXPECT_EQ(run({"rota", "show"}), 0);
    EXPECT_THAT(out, HasSubstr("next: ben@example.com"));
}

TEST_F(Command, PauseRefusesWhatMakesNoSense) {
    take(mail_text);
    EXPECT_EQ(run({"rota", "pause", "orders", "zoe"}), 1);
    EXPECT_THAT(err, HasSubstr("its members: ann@example.com, ben@example.com"));
    EXPECT_EQ(run({"rota", "pause", "nope", "ann"}), 1);
    EXPECT_EQ(run({"rota", "pause", "orders", "ann", "--for", "soon"}), 2);
    EXPECT_EQ(run({"rota", "pause", "orders", "ann", "--until", "2020-01-01"}), 2);
    EXPECT_THAT(err, HasSubstr("is past"));
    EXPECT_EQ(run({"rota", "pause", "orders", "ann", "--for", "1h", "--until", "2030-01-01"}), 2);
    EXPECT_EQ(run({"rota", "pause", "orders"}), 2);
}

TEST_F(Command, ResumeSaysWhatTheConfigurationPauses) {
    take(mail_text);
    configure("[rota.x]\nmembers = [{ address = \"cho@example.com\", paused = true }]\n");
    EXPECT_EQ(run({"rota", "resume", "x", "cho"}), 1);
    EXPECT_THAT(err, HasSubstr("stays paused: the configuration says so"));
}

TEST_F(Command, HistoryShowsTheNewestFirstAndNoControlCharacters) {
    take(mail_text);
    take("Message-ID: <2\x1b[31m@example.net>\n\n");
    EXPECT_EQ(run({"rota", "history", "orders", "--limit", "5"}), 0);
    EXPECT_THAT(
        out, HasSubstr("2026-11-20 10:00:00  orders  ann@example.com  turn    4XyZ      <1@example.net>\n"));
    EXPECT_LT(out.find("ben@example.com"), out.find("ann@example.com"));
    EXPECT_THAT(out, Not(HasSubstr("\x1b")));
    EXPECT_EQ(run({"rota", "history", "orders", "--limit", "1"}), 0);
    EXPECT_THAT(out, Not(HasSubstr("ann@example.com")));
}

TEST_F(Command, ColoursAreForTerminals) {
    run({"rota", "show"});
    EXPECT_THAT(out, Not(HasSubstr("\x1b[")));
    colours = true;
    run({"rota", "show"});
    EXPECT_THAT(out, HasSubstr("\x1b[32mavailable\x1b[0m"));
}

TEST_F(Command, WithoutAMilterItSaysSo) {
    for (const char* command : {"status", "reload", "metrics"}) {
        EXPECT_EQ(run({command}), 3) << command;
        EXPECT_THAT(err, HasSubstr("the milter is not running"));
    }
}

TEST_F(Command, TheRunningMilterIsAsked) {
    bool works = true;
    const auto server = runtime::ControlServer::open(
        folder + "/ctl", {{"status",
                           [&] {
                               return std::string(R"({"generation":3,"store":{"ok":)") +
                                      (works ? "true" : "false") + "}}\n";
                           }},
                          {"reload", []() -> Result<std::string> { return invalid("c.toml:1: error"); }},
                          {"metrics", [] { return "# HELP a b\nmailrota_x{rota=\"a b\"} 4\n"; }}});
    ASSERT_TRUE(server) << server.error().text;
    EXPECT_EQ(run({"status"}), 0);
    EXPECT_EQ(out, "MILTER      running\ngeneration  3\nstore.ok    yes\n");
    works = false;
    EXPECT_EQ(run({"status"}), 1);
    EXPECT_EQ(run({"reload"}), 1);
    EXPECT_EQ(err, "mailrota: c.toml:1: error\n");
    EXPECT_EQ(run_bare({"metrics", "--socket", folder + "/ctl", "--config", "/nonexistent"}), 0);
    EXPECT_EQ(run({"metrics"}), 0);
    EXPECT_THAT(out, HasSubstr("# HELP a b\n"));
    EXPECT_EQ(run({"metrics", "--json"}), 0);
    EXPECT_THAT(out, HasSubstr(R"("mailrota_x{rota=\"a b\"}":4E0)"));
}

TEST_F(Command, EachProgramThatRunsIsAsked) {
    const auto milter = runtime::ControlServer::open(
        folder + "/ctl",
        {{"status", [] { return R"({"generation":3})"; }}, {"metrics", [] { return "a 1\n"; }}});
    bool works = true;
    const auto lmtp =
        runtime::ControlServer::open(folder + "/lmtp.ctl", {{"status",
                                                             [&]() -> Result<std::string> {
                                                                 if (works) return R"({"program":"lmtp"})";
                                                                 return invalid("ill");
                                                             }},
                                                            {"metrics", [] { return "b 2\n"; }}});
    ASSERT_TRUE(milter && lmtp);
    EXPECT_EQ(run({"status"}), 0);
    EXPECT_EQ(out, "MILTER      running\ngeneration  3\n\nLMTP     running\nprogram  lmtp\n");
    EXPECT_EQ(run({"status", "--json"}), 0);
    EXPECT_EQ(out, R"({"milter":{"generation":3},"lmtp":{"program":"lmtp"}})"
                   "\n");
    EXPECT_EQ(run({"status", "--json", "--program", "lmtp"}), 0);
    EXPECT_EQ(out, R"({"program":"lmtp"})"
                   "\n");
    EXPECT_EQ(run({"metrics"}), 0);
    EXPECT_EQ(out, "# milter:\na 1\n# lmtp:\nb 2\n");
    works = false;
    EXPECT_EQ(run({"status"}), 1);
    EXPECT_EQ(err, "mailrota: mailrota-lmtp: ill\n");
    EXPECT_EQ(run({"status", "--program", "web"}), 3);
    EXPECT_THAT(err, HasSubstr("mailrota-web is not running"));
    EXPECT_EQ(run({"status", "--program", "poller"}), 2);
}

TEST_F(Command, UsageErrorsEndWithTwo) {
    EXPECT_EQ(run_bare({}), 2);
    EXPECT_EQ(run_bare({"frobnicate"}), 2);
    EXPECT_EQ(run_bare({"--help"}), 0);
    EXPECT_EQ(run_bare({"version"}), 0);
    EXPECT_EQ(out, "mailrota " MAILROTA_VERSION "\n");
}

}  // namespace
}  // namespace mailrota::ctl
