#include "ctl/sendmail.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/rig/temporary_folder.h"

namespace mailrota::ctl {
namespace {

using testing::ElementsAre;
using Words = std::vector<std::string>;
using Outcome = wire::Acknowledgement::Result::Outcome;

wire::HandedMail sample() {
    wire::HandedMail mail;
    mail.id = "i1";
    mail.sender = "ann@example.com";
    mail.recipients = {{"ben@example.com", {}}, {"-cho@example.com", {}}};
    return mail;
}

TEST(Sendmail, GetsSenderAndRecipients) {
    auto mail = sample();
    EXPECT_THAT(sendmail_runs(mail),
                ElementsAre(SendmailRun{
                    {"-i", "-f", "ann@example.com", "--", "ben@example.com", "-cho@example.com"}, {0, 1}}));
    mail.sender.clear();
    EXPECT_EQ(sendmail_runs(mail)[0].arguments[2], "<>");
}

TEST(Sendmail, IsRunForEachNotify) {
    auto mail = sample();
    mail.sender_parameters = {"RET=HDRS", "ENVID=QQ+3D1", "BODY=8BITMIME", "bad param\r\n"};
    mail.recipients[1].parameters = {"NOTIFY=SUCCESS,DELAY", "ORCPT=rfc822;x"};
    const Words common{"-i", "-f", "ann@example.com", "-B8BITMIME"};
    const Words dsn{"-R", "HDRS", "-V", "QQ+3D1", "--"};
    const auto joined = [&](const Words& notify, const std::string& recipient) {
        Words all = common;
        for (const Words* part : {&notify, &dsn}) all.insert(all.end(), part->begin(), part->end());
        all.push_back(recipient);
        return all;
    };
    EXPECT_THAT(sendmail_runs(mail),
                ElementsAre(SendmailRun{joined({}, "ben@example.com"), {0}},
                            SendmailRun{joined({"-N", "SUCCESS,DELAY"}, "-cho@example.com"), {1}}));
}

TEST(Sendmail, ExitCodesAreOutcomes) {
    using Result = wire::SmtpResult::Outcome;
    EXPECT_EQ(sendmail_result(0, "").outcome, Result::done);
    for (const int code : {65, 67, 77}) EXPECT_EQ(sendmail_result(code, "").outcome, Result::failed);
    for (const int code : {1, 64, 68, 69, 70, 71, 73, 75, 78, 127, 255})
        EXPECT_EQ(sendmail_result(code, "").outcome, Result::deferred) << code;
    EXPECT_EQ(sendmail_result(67, "no such user\nmore").reply.text, "no such user");
}

class SendmailProgram : public testing::Test {
  protected:
    HandedOn run(const std::string& script) {
        const std::string program = folder / "sendmail";
        std::ofstream(program) << "#!/bin/sh\n" << script << "\n";
        chmod(program.c_str(), 0755);
        return SendmailHandOn(program).deliver(sample(), "A: 1\r\n\r\nlone\rcr\r\n");
    }
    std::string written(const char* name) const {
        std::ifstream file(folder / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    rig::TemporaryFolder folder;
};

TEST_F(SendmailProgram, GetsTheMailWithLineFeeds) {
    const auto handed = run("cd \"$(dirname \"$0\")\"; echo \"$@\" > arguments; cat > mail");
    ASSERT_EQ(handed.results.size(), 2U);
    EXPECT_EQ(handed.results[1].outcome, Outcome::delivered);
    EXPECT_EQ(handed.results[1].recipient, "-cho@example.com");
    EXPECT_EQ(written("mail"), "A: 1\n\nlone\rcr\n");
    EXPECT_EQ(written("arguments"), "-i -f ann@example.com -- ben@example.com -cho@example.com\n");
}

TEST_F(SendmailProgram, SaysWhyNot) {
    const auto failed = run("echo 'no such user' >&2; exit 67");
    EXPECT_EQ(failed.results[0].outcome, Outcome::failed);
    EXPECT_EQ(failed.results[0].reply, "550 5.1.1 no such user");
    EXPECT_FALSE(failed.away);
    EXPECT_EQ(run("kill -9 $$").results[0].outcome, Outcome::deferred);
}

TEST_F(SendmailProgram, ThatIsNotThereIsAway) {
    const auto handed = SendmailHandOn(folder / "absent").deliver(sample(), "x");
    EXPECT_TRUE(handed.away);
    EXPECT_EQ(handed.results[0].outcome, Outcome::deferred);
}

TEST(HandOn, CutsLongReplies) {
    using Result = wire::SmtpResult;
    const Result result{Result::Outcome::uncertain, {451, "4.4.2", std::string(5000, 'x')}, true};
    const auto handed = handed_on(sample(), {result, result});
    EXPECT_EQ(handed.results.at(1).reply.size(), 1000U);
    EXPECT_EQ(handed.results.at(1).outcome, Outcome::deferred);
    EXPECT_FALSE(handed.away);
}

TEST(HandOn, LeavesOutWhatCouldNotStandInACommand) {
    auto mail = sample();
    mail.sender_parameters = {"RET=FULL", "X=\r\nQUIT", "", std::string(2000, 'x')};
    const std::string bytes = "x";
    EXPECT_EQ(outgoing(mail, bytes).sender_parameters, Words{"RET=FULL"});
    EXPECT_TRUE(is_usable_address("\"a b\"@example.com"));
    EXPECT_TRUE(is_usable_address("j\xc3\xb6rg@example.com"));
    for (const char* bad : {"a b@x", "a>@x", "a\r\n@x", "\"a\r\n\"@x", "a\x7f@x"})
        EXPECT_FALSE(is_usable_address(bad)) << bad;
}

}  // namespace
}  // namespace mailrota::ctl
