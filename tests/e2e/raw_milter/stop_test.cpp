#include <libmilter/mfdef.h>

#include <future>

#include "tests/e2e/raw_milter/database_lock.h"
#include "tests/e2e/raw_milter/offer.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;

/// A mail whose end of message waits for a lock on the database.
class WaitingMail {
  public:
    explicit WaitingMail(const MailrotaMilter& milter)
        : lock_((milter.wait_for_log("info started"), milter.folder() / "state.db")),
          client_(MilterClient::to(milter.socket())) {
        client_.mail(message_);
        client_.rcpt(message_, 0);
        for (const auto& [name, value] : message_.headers) client_.header(name, value);
        client_.send(SMFIC_BODYEOB, "");
    }

    /// Reads so many signs of life, which come about once a second, and nothing else.
    void wait_for_progress(int count) {
        for (int sign = 0; sign < count; ++sign)
            EXPECT_EQ(client_.read_packet(), std::string(1, SMFIR_PROGRESS));
    }

    /// Lets it go on and reads the rest.
    MilterOutcome finish() {
        lock_.release();
        MilterOutcome outcome;
        for (std::string packet = client_.read_packet();; packet = client_.read_packet()) {
            if (is_edit(packet)) outcome.edits.push_back(parse_edit(packet));
            if (is_edit(packet) || packet[0] == SMFIR_PROGRESS) continue;
            outcome.verdict = {packet[0], packet.substr(1)};
            return outcome;
        }
    }

  private:
    DatabaseLock lock_;
    MilterMessage message_ = mail_to({"orders@example.com"});
    MilterClient client_;
};

TEST(M12, AnEndOfMessageThatTakesLongSendsProgress) {
    const MailrotaMilter milter(configuration(orders_rota, "busy = \"20s\""));
    WaitingMail waiting(milter);
    waiting.wait_for_progress(3);
    EXPECT_TRUE(has(ask(milter, "status"), "\"eom_in_progress\":1"));
    const auto outcome = waiting.finish();
    EXPECT_EQ(outcome.verdict.kind, 'c') << outcome.verdict.text;
    EXPECT_THAT(edited(outcome, '+'), ElementsAre("<ann@example.com>"));
}

void expect_drained(MailrotaMilter& milter, int seconds) {
    WaitingMail waiting(milter);
    waiting.wait_for_progress(1);  // the end of message is being worked on
    auto stopped = std::async(std::launch::async, [&milter] { return milter.stop(); });
    waiting.wait_for_progress(seconds - 1);
    EXPECT_EQ(stopped.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
    const auto outcome = waiting.finish();
    EXPECT_EQ(outcome.verdict.kind, 'c') << outcome.verdict.text;
    EXPECT_THAT(edited(outcome, '+'), ElementsAre("<ann@example.com>"));
    EXPECT_THAT(edited(outcome, '-'), ElementsAre("<orders@example.com>"));
    EXPECT_EQ(stopped.get(), 0) << milter.log();
}

TEST(M8, AMailOfTwoSecondsIsFinishedBeforeTheEnd) {
    MailrotaMilter milter(configuration(orders_rota));
    expect_drained(milter, 2);
}

TEST(M8, AMailOfNineSecondsIsFinishedBeforeTheEnd) {
    MailrotaMilter milter(configuration(orders_rota, "busy = \"20s\""));
    expect_drained(milter, 9);
    EXPECT_TRUE(has(milter.log(), "stopping mails_in_progress=1")) << milter.log();
}

TEST(M8, NothingThatWasAcceptedIsForgotten) {
    MailrotaMilter milter(configuration(orders_rota));
    const auto message = mail_to({"orders@example.com"});
    EXPECT_THAT(recipients_of(milter, message), ElementsAre("ann@example.com"));
    milter.kill9();
    milter.start();
    EXPECT_THAT(recipients_of(milter, message), ElementsAre("ann@example.com"));
    EXPECT_THAT(recipients_of(milter, mail_to({"orders@example.com"})), ElementsAre("ben@example.com"));
}

}  // namespace
}  // namespace mailrota::rig
