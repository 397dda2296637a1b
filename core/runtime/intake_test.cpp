#include <algorithm>
#include <map>
#include <thread>

#include "core/runtime/intake_fixture.h"

namespace mailrota::runtime::fixture {
namespace {

using policy::Policy;
using Fate = policy::RecipientPlan::Fate;
using Fault = FailingStore::Fault;

class IntakeCase : public IntakeTest {};

TEST_F(IntakeCase, AMailThatNoRotaConcernsDoesNotTouchTheStore) {
    const Policy policy = policy_of({rota("orders", {"ann"})});
    store.fault = Fault::throws;
    const Taken taken = take(policy, mail_of({.id = "1", .recipients = {"else@example.com"}}));
    EXPECT_EQ(store.writes, 0);
    EXPECT_FALSE(taken.trouble);
    EXPECT_TRUE(taken.plan.untouched());
}

struct FaultCase {
    Fault fault;
    std::string trouble;
};

class AStoreThatFails : public IntakeTest, public testing::WithParamInterface<FaultCase> {};

TEST_P(AStoreThatFails, DefersTheWholeMailAndTellsThePeerNothingOfTheInside) {
    const Policy policy = policy_of({rota("orders", {"ann"})});
    store.fault = GetParam().fault;
    const MailText text{.id = "1", .recipients = {"orders@example.com", "else@example.com"}};
    const Taken taken = take(policy, mail_of(text));
    ASSERT_TRUE(taken.trouble);
    EXPECT_EQ(taken.trouble->text, GetParam().trouble);
    EXPECT_FALSE(taken.failed_open);
    EXPECT_TRUE(taken.turns.empty());
    const policy::Reply expected{451, "4.3.0", "mailrota: state store not available, try again later"};
    EXPECT_EQ(taken.plan.common_reply(), expected);
}

TEST_P(AStoreThatFails, PassesTheMailUntouchedWhereTheRotaSaysSo) {
    policy::Rota orders = rota("orders", {"ann"});
    orders.pass_on_error = true;
    store.fault = GetParam().fault;
    const MailText text{.id = "1", .recipients = {"orders@example.com", "else@example.com"}};
    const Taken taken = take(policy_of({orders}), mail_of(text));
    EXPECT_TRUE(taken.trouble);
    EXPECT_TRUE(taken.failed_open);
    EXPECT_TRUE(taken.plan.untouched());
    EXPECT_EQ(taken.plan.recipients.size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Faults, AStoreThatFails,
                         testing::Values(FaultCase{Fault::at_once, "secret path /var/lib/x is locked"},
                                         FaultCase{Fault::after_the_work, "the disk is full"},
                                         FaultCase{Fault::throws, "the driver threw"}));

TEST_F(IntakeCase, OneRotaThatWaitsMakesTheMailWait) {
    policy::Rota open = rota("open", {"ann"});
    open.pass_on_error = true;
    store.fault = Fault::at_once;
    const MailText text{.id = "1", .recipients = {"open@example.com", "orders@example.com"}};
    const Taken taken = take(policy_of({open, rota("orders", {"ben"})}), mail_of(text));
    EXPECT_FALSE(taken.failed_open);
    ASSERT_TRUE(taken.plan.common_reply());
    EXPECT_EQ(taken.plan.common_reply()->code, 451);
}

TEST_F(IntakeCase, ARehearsalChangesNothingAndSaysWhoStoodBy) {
    const Policy policy = policy_of({rota("orders", {"ann", "ben"})});
    for (int times = 0; times < 2; ++times) {
        const auto rehearsal =
            intake.rehearse(policy, mail_of({.id = "1"}), policy::Granularity::whole_mail_only);
        EXPECT_EQ(joined(rehearsal.taken.plan.recipients.at(0).to), "ann");
        EXPECT_EQ(rehearsal.choices.at("orders").candidates.size(), 2U);
    }
    EXPECT_EQ(stored_turns(), 0U);
    EXPECT_EQ(whose(policy, {.id = "2"}), "ann");
}

TEST_F(IntakeCase, AMailThatComesBackIsNotTurnedAgain) {
    const Policy policy = policy_of({rota("orders", {"ann", "ben"})});
    mail::Mail mail = mail_of({.id = "1"});
    const Taken first = take(policy, mail);
    ASSERT_TRUE(first.plan.trace);
    std::vector<mail::HeaderField> headers = mail.message.headers();
    headers.push_back({std::string(mail::trace_header),
                       mail::sign_trace(*first.plan.trace, mail::trace_identity(mail.message), secret)});
    mail.message = mail::Message::from_parts(headers, "");
    EXPECT_TRUE(take(policy, mail).plan.untouched());
}

TEST_F(IntakeCase, EightThreadsShareTheTurnsExactly) {
    const Policy policy = policy_of({rota("orders", {"ann", "ben", "cho", "dee"})});
    constexpr int each = 50;
    std::vector<mail::Mail> mails;
    for (int number = 0; number < 8 * each; ++number)
        mails.push_back(mail_of({.id = std::to_string(number)}));
    std::vector<std::thread> threads;
    for (std::size_t thread = 0; thread < 8; ++thread) {
        threads.emplace_back([&, thread] {
            for (std::size_t mine = thread * each; mine < (thread + 1) * each; ++mine) {
                EXPECT_FALSE(intake.take(policy, mails[mine], policy::Granularity::whole_mail_only).trouble);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const char* member : {"ann", "ben", "cho", "dee"}) {
        EXPECT_EQ(state_of("orders", member).turns, 8 * each / 4) << member;
        EXPECT_EQ(state_of("orders", member).credit, 0) << member;
    }
}

}  // namespace
}  // namespace mailrota::runtime::fixture
