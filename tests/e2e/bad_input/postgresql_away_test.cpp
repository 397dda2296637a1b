#include "tests/e2e/raw_milter/offer.h"
#include "tests/rig/postgresql.h"
#include "tests/rig/wait.h"

namespace mailrota::rig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> orders = {"orders@example.com"};

class PostgreSqlAway : public testing::Test {
  protected:
    static void SetUpTestSuite() { server_ = new PostgreSql; }
    static void TearDownTestSuite() { delete std::exchange(server_, nullptr); }

    /// A mail that needs a turn is deferred with a reason, other mail goes on.
    static void expect_deferred(const MailrotaMilter& milter, const MilterMessage& message) {
        const auto outcome = offer(milter, message);
        EXPECT_THAT(outcome.verdict.text, HasSubstr("451 4.3.0 mailrota: state store not available"));
        EXPECT_THAT(lines_with(milter.log(), "store-failed"), testing::Not(testing::IsEmpty()));
        EXPECT_THAT(recipients_of(milter, mail_to({"zoe@example.com"})), ElementsAre("zoe@example.com"));
    }
    static void expect_recovered(const MailrotaMilter& milter, const MilterMessage& message,
                                 const std::string& colleague) {
        std::vector<std::string> recipients;
        wait_until(
            [&] {
                recipients = recipients_of(milter, message);
                return !recipients.at(0).starts_with("y: 451");
            },
            std::chrono::seconds(30));
        EXPECT_THAT(recipients, ElementsAre(colleague)) << milter.log();
    }

    static PostgreSql* server_;
};
PostgreSql* PostgreSqlAway::server_ = nullptr;

TEST_F(PostgreSqlAway, StoppedAndStartedAgain) {
    const auto url = server_->create_database("stopped");
    const MailrotaMilter milter(configuration(orders_rota, "", url));
    EXPECT_THAT(recipients_of(milter, mail_to(orders)), ElementsAre("ann@example.com"));
    server_->stop();
    const auto message = mail_to(orders);
    expect_deferred(milter, message);
    server_->start();
    expect_recovered(milter, message, "ben@example.com");
    EXPECT_THAT(recipients_of(milter, message), ElementsAre("ben@example.com"));
}

TEST_F(PostgreSqlAway, CrashedAndStartedAgain) {
    const auto url = server_->create_database("crashed");
    const MailrotaMilter milter(configuration(orders_rota, "", url));
    EXPECT_THAT(recipients_of(milter, mail_to(orders)), ElementsAre("ann@example.com"));
    server_->stop("immediate");
    server_->start();
    expect_recovered(milter, mail_to(orders), "ben@example.com");
}

TEST_F(PostgreSqlAway, NotThereYetWhenTheMilterStarts) {
    const auto url = server_->create_database("late");
    server_->stop();
    const MailrotaMilter milter(configuration(orders_rota, "", url));
    EXPECT_TRUE(milter.wait_for_log("store-away")) << milter.log();
    const auto message = mail_to(orders);
    expect_deferred(milter, message);
    server_->start();
    expect_recovered(milter, message, "ann@example.com");
    EXPECT_TRUE(milter.wait_for_log("store-open")) << milter.log();
}

TEST_F(PostgreSqlAway, TwoMiltersShareTheTurns) {
    const auto url = server_->create_database("shared");
    const MailrotaMilter first(configuration(orders_rota, "", url));
    const MailrotaMilter second(configuration(orders_rota, "", url));
    const auto message = mail_to(orders);
    EXPECT_THAT(recipients_of(first, message), ElementsAre("ann@example.com"));
    EXPECT_THAT(recipients_of(second, mail_to(orders)), ElementsAre("ben@example.com"));
    EXPECT_THAT(recipients_of(second, message), ElementsAre("ann@example.com"));
    EXPECT_THAT(recipients_of(first, mail_to(orders)), ElementsAre("cho@example.com"));
}

}  // namespace
}  // namespace mailrota::rig
