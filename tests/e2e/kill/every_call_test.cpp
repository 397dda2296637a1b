#include <gmock/gmock.h>

#include <iostream>

#include "tests/e2e/kill/deliveries.h"
#include "tests/e2e/kill/history.h"
#include "tests/e2e/kill/kill_at_call.h"
#include "tests/e2e/kill/raw_mail.h"
#include "tests/rig/message_text.h"
#include "tests/rig/smtp_client.h"

// Each system call of an end of message is once the one that is not made any more.

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

/// Whose turn the n-th mail (from 1) is if no turn is lost or taken twice.
std::string expected_colleague(int n) {
    return colleagues.at(static_cast<std::size_t>(n - 1) % colleagues.size());
}

/// What stands in an MTA that lets mail pass when the milter dies: nobody less than was there.
void expect_harmless(const std::vector<std::string>& recipients, const std::string& colleague) {
    ASSERT_THAT(recipients, Not(IsEmpty()));
    for (const auto& recipient : recipients)
        EXPECT_THAT(recipient, testing::AnyOf("orders@example.com", colleague));
}

TEST(M7, ARawClientMeetsADeathAtEveryCall) {
    MailrotaMilter milter{std::string(three_colleagues)};
    int mails = 0;
    int half_edited = 0;
    const int deaths = die_at_every_call([&](const char* call, int n) {
        SCOPED_TRACE(call + (" " + std::to_string(n)));
        const auto colleague = expected_colleague(++mails) + "@example.com";
        RawMail mail({"orders@example.com"});
        EXPECT_TRUE(mail.begin(milter.socket()));
        KillAtCall death(milter, call, n);
        const bool finished = mail.finish();
        const auto kept = mail.recipients();
        expect_harmless(kept, colleague);
        if (kept.size() > 1) ++half_edited;
        const bool struck = death.struck(milter);
        if (struck) milter.start();
        EXPECT_TRUE(finished || (struck && mail.begin(milter.socket()) && mail.finish())) << milter.log();
        EXPECT_THAT(mail.recipients(), ElementsAre(colleague));
        return struck;
    });
    std::cout << "raw client: " << deaths << " deaths, " << half_edited << " half edited" << std::endl;
    EXPECT_GE(deaths, fewest_deaths);
    EXPECT_GT(half_edited, 0) << "no death came within the edits";
}

/// A Postfix whose milter dies within the end of message of every mail.
class DeathAtEveryCall {
  public:
    explicit DeathAtEveryCall(const std::string& default_action)
        : milter_(std::string(three_colleagues)), postfix_(options(default_action)) {}

    /// Sends mail after mail; each is sent again until it is accepted. Returns the number of deaths.
    int run() {
        const int deaths = die_at_every_call([this](const char* call, int n) { return one_mail(call, n); });
        EXPECT_TRUE(postfix_.wait_for_empty_queue()) << postfix_.queue();
        EXPECT_GE(deaths, fewest_deaths);
        return deaths;
    }

    const std::vector<std::string>& message_ids() const { return message_ids_; }
    Deliveries delivered() const { return deliveries(postfix_); }
    Deliveries remembered() const { return history(milter_); }

  private:
    PostfixOptions options(const std::string& default_action) const {
        PostfixOptions options;
        options.smtpd_milters = milter_.socket_for_postfix();
        options.milter_default_action = default_action;
        return options;
    }

    bool one_mail(const char* call, int n) {
        SCOPED_TRACE(call + (" " + std::to_string(n)));
        const auto mail = MessageText::fresh();
        message_ids_.push_back(mail.message_id);
        auto client = SmtpClient::to_port(postfix_.port());
        for (const char* command : {"MAIL FROM:<sender@example.com>", "RCPT TO:<orders@example.com>", "DATA"})
            if (!client.command(command).positive()) ADD_FAILURE() << command << '\n' << postfix_.log();
        KillAtCall death(milter_, call, n);
        client.send_raw(dot_stuffed(mail.text()));
        const bool accepted = client.read_reply().positive();
        const bool struck = death.struck(milter_);
        if (struck) milter_.start();
        if (!accepted) expect_accepted_again(mail);
        return struck;
    }

    void expect_accepted_again(const MessageText& mail) {
        auto client = SmtpClient::to_port(postfix_.port());
        EXPECT_TRUE(client.send_mail("sender@example.com", {"orders@example.com"}, mail.text()).accepted())
            << milter_.log() << postfix_.log();
    }

    MailrotaMilter milter_;
    Postfix postfix_;
    std::vector<std::string> message_ids_;
};

TEST(M7, TempfailAtEveryCallEachMailReachesTheColleagueWhoseTurnItIs) {
    DeathAtEveryCall scene("tempfail");
    const int deaths = scene.run();
    auto delivered = scene.delivered();
    int n = 0;
    for (const auto& id : scene.message_ids())
        EXPECT_THAT(delivered[id], ElementsAre(expected_colleague(++n))) << n;
    EXPECT_EQ(delivered.size(), scene.message_ids().size());
    EXPECT_EQ(scene.remembered(), delivered);
    std::cout << "tempfail: " << deaths << " deaths" << std::endl;
}

class FailOpenAtEveryCall : public testing::TestWithParam<const char*> {};

TEST_P(FailOpenAtEveryCall, NobodyIsLeftOut) {
    DeathAtEveryCall scene(GetParam());
    scene.run();
    Tally tally;
    auto delivered = scene.delivered();
    for (const auto& id : scene.message_ids()) count(tally, delivered[id], false);
    std::cout << GetParam() << " at every call: " << tally << std::endl;
    EXPECT_EQ(tally.nobody + tally.wrong, 0);
    EXPECT_GT(tally.untouched, 0) << "no death came before the edits";
    EXPECT_GT(tally.edited, 0);
}

INSTANTIATE_TEST_SUITE_P(M7, FailOpenAtEveryCall, testing::Values("accept"),
                         [](const auto& action) { return std::string(action.param); });

}  // namespace
}  // namespace mailrota::rig
