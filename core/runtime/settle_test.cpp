#include <algorithm>

#include "core/runtime/intake_fixture.h"

namespace mailrota::runtime::fixture {
namespace {

using namespace std::chrono_literals;
using policy::Policy;
using Fate = policy::RecipientPlan::Fate;

class Settle : public IntakeTest {};

TEST_F(Settle, TurnsFollowTheListAndBeginAgain) {
    const Policy policy = policy_of({rota("orders", {"ann", "ben", "cho"})});
    EXPECT_EQ(row(policy, {"1", "2", "3", "4", "5"}), "ann ben cho ann ben");
}

// RR-1: the cursor survives a restart; a missing state begins with the first member.
TEST_F(Settle, RR1_AnotherIntakeOnTheSameStoreGoesOn) {
    const Policy policy = policy_of({rota("orders", {"ann", "ben"})});
    EXPECT_EQ(whose(policy, {.id = "1"}), "ann");
    Intake restarted(*memory, secret, [this] { return now; });
    const Taken taken = restarted.take(policy, mail_of({.id = "2"}), policy::Granularity::whole_mail_only);
    EXPECT_EQ(joined(taken.plan.recipients.at(0).to), "ben");
}

// RR-3: three messages, two members: A, B, A, and the next is B's.
TEST_F(Settle, RR3_ThreeMessagesForTwo) {
    const Policy policy = policy_of({rota("orders", {"ann", "ben"})});
    EXPECT_EQ(row(policy, {"1", "2", "3"}), "ann ben ann");
    EXPECT_EQ(whose(policy, {.id = "4"}), "ben");
}

// RR-5, the turn's part: what fails consumes no turn; all that fail are offered to the same colleague.
TEST_F(Settle, RR5_AFailedWriteConsumesNoTurn) {
    const Policy policy = policy_of({rota("orders", {"ann", "ben"})});
    for (const char* id : {"1", "2", "3"}) {
        store.fault = FailingStore::Fault::after_the_work;
        EXPECT_TRUE(take(policy, mail_of({.id = id})).trouble);
    }
    EXPECT_EQ(stored_turns(), 0U);
    EXPECT_EQ(state_of("orders", "ann"), policy::MemberState{});
    store.fault = FailingStore::Fault::none;
    EXPECT_EQ(whose(policy, {.id = "3"}), "ann");
}

// RR-9: a member is removed, then the whole team.
TEST_F(Settle, RR9_MemberRemovedThenTeamEmptied) {
    EXPECT_EQ(whose(policy_of({rota("orders", {"ann", "ben", "cho"})}), {.id = "1"}), "ann");
    EXPECT_EQ(whose(policy_of({rota("orders", {"ann", "cho"})}), {.id = "2"}), "cho");
    const Taken nobody = take(policy_of({rota("orders", {})}), mail_of({.id = "3"}));
    EXPECT_EQ(nobody.plan.recipients.at(0).fate, Fate::defer);
    EXPECT_FALSE(nobody.trouble);
    EXPECT_EQ(stored_turns(), 2U) << "nobody's turn is none";
}

TEST_F(Settle, AListThatShrankUnderTheCursorGoesOn) {
    const Policy five = policy_of({rota("orders", {"ann", "ben", "cho", "dee", "eve"})});
    row(five, {"1", "2", "3", "4"});
    const Policy two = policy_of({rota("orders", {"ann", "ben"})});
    EXPECT_NE(whose(two, {.id = "5"}), whose(two, {.id = "6"}));
}

TEST_F(Settle, TheSameMailGetsTheSameColleague) {
    const Policy policy = policy_of({rota("orders", {"ann", "ben"})});
    EXPECT_EQ(whose(policy, {.id = "1"}), "ann");
    EXPECT_EQ(whose(policy, {.id = "2"}), "ben");
    const Taken again = take(policy, mail_of({.id = "1"}));
    EXPECT_EQ(joined(again.plan.recipients.at(0).to), "ann");
    EXPECT_TRUE(again.turns.at("orders").replayed);
    EXPECT_EQ(again.turns.at("orders").reason, "turn");
    EXPECT_EQ(state_of("orders", "ann").turns, 1);
    EXPECT_EQ(whose(policy, {.id = "3"}), "ann") << "the replay took no turn";
}

// A milter defers the whole mail when one recipient has nobody; the others' turns are not spent on that.
TEST_F(Settle, AMailThatWaitsForOneRotaTakesNoTurnOfAnother) {
    const Policy policy = policy_of({rota("orders", {"ann", "ben"}), rota("support", {})});
    const MailText both{.id = {}, .recipients = {"orders@example.com", "support@example.com"}};
    for (int times = 0; times < 3; ++times) {
        const Taken taken = take(policy, mail_of(both));
        EXPECT_FALSE(taken.trouble);
        EXPECT_EQ(taken.plan.recipients.at(1).fate, Fate::defer);
    }
    EXPECT_EQ(stored_turns(), 0U);
    EXPECT_EQ(state_of("orders", "ann"), policy::MemberState{});
    EXPECT_EQ(whose(policy, {.id = "1"}), "ann");
}

TEST_F(Settle, WhereRecipientsAreAnsweredOneByOneEachTakesItsTurn) {
    const Policy policy = policy_of({rota("orders", {"ann", "ben"}), rota("support", {})});
    const auto mail = mail_of({.id = {}, .recipients = {"orders@example.com", "support@example.com"}});
    intake.take(policy, mail, policy::Granularity::per_recipient);
    EXPECT_EQ(stored_turns(), 1U);
    EXPECT_EQ(state_of("orders", "ann").turns, 1);
}

TEST_F(Settle, EveryOfferWithoutAMessageIdIsNew) {
    const Policy policy = policy_of({rota("orders", {"ann", "ben"})});
    EXPECT_EQ(whose(policy, {}), "ann");
    EXPECT_EQ(whose(policy, {}), "ben");
    EXPECT_EQ(stored_turns(), 2U);
}

TEST_F(Settle, AReplayIsTheSameInAReorderedList) {
    EXPECT_EQ(whose(policy_of({rota("orders", {"ann", "ben", "cho"})}), {.id = "1"}), "ann");
    EXPECT_EQ(whose(policy_of({rota("orders", {"cho", "ben", "ann"})}), {.id = "1"}), "ann");
}

TEST_F(Settle, AReplayWhoseMemberLeftIsDrawnAnew) {
    EXPECT_EQ(whose(policy_of({rota("orders", {"ann", "ben"})}), {.id = "1"}), "ann");
    const Policy without = policy_of({rota("orders", {"ben", "cho"})});
    const Taken again = take(without, mail_of({.id = "1"}));
    EXPECT_EQ(joined(again.plan.recipients.at(0).to), "ben");
    EXPECT_FALSE(again.turns.at("orders").replayed);
    EXPECT_EQ(whose(without, {.id = "1"}), "ben") << "and that is remembered in place of the old turn";
}

TEST_F(Settle, NobodyThereGoesToTheFallbackAndStaysThere) {
    policy::Rota orders = rota("orders", {"ann"});
    orders.fallback = {"office@example.com"};
    orders.members[0].paused = true;
    const Taken fallen = take(policy_of({orders}), mail_of({.id = "1"}));
    EXPECT_EQ(joined(fallen.plan.recipients.at(0).to), "office");
    EXPECT_EQ(fallen.turns.at("orders").reason, "fallback");
    orders.members[0].paused = false;
    EXPECT_EQ(whose(policy_of({orders}), {.id = "1"}), "office") << "the same mail, though ann is back";
    orders.fallback = {"desk@example.com"};
    EXPECT_EQ(whose(policy_of({orders}), {.id = "1"}), "ann") << "the old fallback is no longer configured";
}

TEST_F(Settle, AReplyGoesToWhoHasTheThread) {
    policy::Rota orders = rota("orders", {"ann", "ben", "cho"});
    orders.sticky = policy::Sticky{policy::Sticky::By::thread, 24h};
    const Policy policy = policy_of({orders});
    EXPECT_EQ(whose(policy, {.id = "1"}), "ann");
    EXPECT_EQ(whose(policy, {.id = "2"}), "ben");
    EXPECT_EQ(whose(policy, {.id = "3", .references = "1"}), "ann");
    EXPECT_EQ(whose(policy, {.id = "4", .references = "3"}), "ann") << "a reply to the reply";
    EXPECT_EQ(take(policy, mail_of({.id = "5", .references = "2"})).turns.at("orders").reason, "sticky");
}

TEST_F(Settle, AThreadIsForgottenAfterItsTime) {
    policy::Rota orders = rota("orders", {"ann", "ben"});
    orders.sticky = policy::Sticky{policy::Sticky::By::thread, 1h};
    const Policy policy = policy_of({orders});
    EXPECT_EQ(whose(policy, {.id = "1"}), "ann");
    now += 2h;
    EXPECT_EQ(whose(policy, {.id = "2", .references = "1"}), "ben");
}

TEST_F(Settle, AMemberWhoIsAwayLosesTheThread) {
    policy::Rota orders = rota("orders", {"ann", "ben"});
    orders.sticky = policy::Sticky{policy::Sticky::By::thread, 24h};
    EXPECT_EQ(whose(policy_of({orders}), {.id = "1"}), "ann");
    orders.members[0].paused = true;
    EXPECT_EQ(whose(policy_of({orders}), {.id = "2", .references = "1"}), "ben");
    orders.members[0].paused = false;
    EXPECT_EQ(whose(policy_of({orders}), {.id = "3", .references = "2"}), "ben");
}

TEST_F(Settle, ASenderStaysWithTheColleague) {
    policy::Rota orders = rota("orders", {"ann", "ben"});
    orders.sticky = policy::Sticky{policy::Sticky::By::sender, 24h};
    const Policy policy = policy_of({orders});
    EXPECT_EQ(whose(policy, {.id = "1", .sender = "one@example.net"}), "ann");
    EXPECT_EQ(whose(policy, {.id = "2", .sender = "ONE@Example.NET"}), "ann");
    EXPECT_EQ(whose(policy, {.id = "3", .sender = ""}), "ben");
    EXPECT_EQ(whose(policy, {.id = "4", .sender = ""}), "ben")
        << "bounces are nobody's conversation: ben is owed one";
}

TEST_F(Settle, ACapEndsTheDay) {
    policy::Rota orders = rota("orders", {"ann", "ben"});
    orders.members[0].max_per_day = 1;
    const Policy policy = policy_of({orders});
    EXPECT_EQ(row(policy, {"1", "2", "3"}), "ann ben ben");
    now += 24h;
    EXPECT_EQ(row(policy, {"4", "5"}), "ben ann") << "ben was still owed one";
}

TEST_F(Settle, EveryoneGetsIt) {
    policy::Rota orders = rota("orders", {"ann", "ben", "cho"});
    orders.strategy = policy::Strategy::all;
    orders.members[1].paused = true;
    EXPECT_EQ(whose(policy_of({orders}), {.id = "1"}), "ann+cho");
}

TEST_F(Settle, AReplayOfEveryoneHoldsWhileAllAreMembers) {
    policy::Rota orders = rota("orders", {"ann", "ben"});
    orders.strategy = policy::Strategy::all;
    EXPECT_EQ(whose(policy_of({orders}), {.id = "1"}), "ann+ben");
    orders.members[0].paused = true;
    EXPECT_EQ(whose(policy_of({orders}), {.id = "1"}), "ann+ben");
    orders.members.erase(orders.members.begin());
    EXPECT_EQ(whose(policy_of({orders}), {.id = "1"}), "ben");
}

TEST_F(Settle, TwoRotasInOneMailDrawOneTurnEach) {
    const Policy policy = policy_of({rota("orders", {"ann", "ben"}), rota("alarms", {"xia", "yan"})});
    const MailText both{.id = "1", .recipients = {"orders@example.com", "alarms@example.com"}};
    const Taken taken = take(policy, mail_of(both));
    EXPECT_EQ(joined(taken.plan.recipients.at(0).to), "ann");
    EXPECT_EQ(joined(taken.plan.recipients.at(1).to), "xia");
    EXPECT_EQ(whose(policy, {.id = "2"}), "ben");
    EXPECT_EQ(whose(policy, {.id = "3", .recipients = {"alarms@example.com"}}), "yan");
}

// orders → ann beside ann → ben, in one mail: each recipient goes its own way.
TEST_F(Settle, AMemberWhoseOwnAddressIsARota) {
    policy::Rota anns = rota("anns", {"ben"});
    anns.addresses = {"ann@example.com"};
    const Policy policy = policy_of({rota("orders", {"ann", "cho"}), anns});
    const MailText both{.id = "1", .recipients = {"orders@example.com", "ann@example.com"}};
    const Taken taken = take(policy, mail_of(both));
    EXPECT_EQ(joined(taken.plan.recipients.at(0).to), "ann");
    EXPECT_EQ(joined(taken.plan.recipients.at(1).to), "ben");
}

}  // namespace
}  // namespace mailrota::runtime::fixture
