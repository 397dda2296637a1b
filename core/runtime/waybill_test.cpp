#include "core/runtime/waybill.h"

#include <gmock/gmock.h>

#include "core/runtime/delivery_fixture.h"

namespace mailrota::runtime::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = RecipientOutcome::Kind;
using Outcome = wire::SmtpResult::Outcome;
using Way = Waybill::Way;

wire::SmtpResult said(Outcome outcome, wire::Reply reply) { return {outcome, std::move(reply), true}; }
const wire::SmtpResult ok = said(Outcome::done, {250, "2.0.0", "Ok: queued as 5AbC"});

std::vector<std::string> addresses(const Waybill& bill, Way way) {
    std::vector<std::string> list;
    for (const std::size_t leg : legs_to_send(bill, way)) list.push_back(bill.legs[leg].to.address);
    return list;
}

// "250 2.1.5 redirected to …" of each recipient, when each leg came to what is given for its address.
std::vector<RecipientOutcome> carried_out(const Order& order,
                                          const std::map<std::string, wire::SmtpResult>& results) {
    Waybill bill = make_waybill(order);
    for (Waybill::Leg& leg : bill.legs)
        if (const auto found = results.find(leg.to.address); found != results.end())
            leg.result = found->second;
    conclude(bill, order);
    return outcomes(bill);
}

RecipientOutcome one(const Order& order, const std::map<std::string, wire::SmtpResult>& results = {}) {
    return carried_out(order, results).at(0);
}

TEST(Waybill, RecipientsOfOneDestinationShareATransaction) {
    const Order order = order_of({{"a@example.com", keep()},
                                  {"orders@example.com", redirect({"ann@example.com"})},
                                  {"b@example.com", keep()},
                                  {"web@example.com", spool("web")}});
    const Waybill bill = make_waybill(order);
    EXPECT_THAT(addresses(bill, Way::next_hop), ElementsAre("a@example.com", "b@example.com"));
    EXPECT_THAT(addresses(bill, Way::reinject), ElementsAre("ann@example.com"));
}

TEST(Waybill, TwoWhoLeadToTheSamePersonMakeOneLeg) {
    const Order order = order_of({{"orders@example.com", redirect({"ann@example.com"})},
                                  {"sales@example.com", redirect({"Ann@Example.com", "ben@example.com"})}});
    EXPECT_THAT(addresses(make_waybill(order), Way::reinject),
                ElementsAre("ann@example.com", "ben@example.com"));
    for (const auto& outcome : carried_out(order, {{"ann@example.com", ok}, {"ben@example.com", ok}}))
        EXPECT_EQ(outcome.kind, Kind::done);
}

TEST(Waybill, TheSameRecipientTwiceIsOneEffectAndTwoOutcomes) {
    const Order order = order_of({{"a@example.com", keep()}, {"A@example.com", keep()}});
    EXPECT_EQ(addresses(make_waybill(order), Way::next_hop).size(), 1U);
    EXPECT_EQ(carried_out(order, {{"a@example.com", ok}}).size(), 2U);
}

TEST(Waybill, WhatIsKeptIsAnsweredInTheServersOwnWords) {
    const Order order = order_of({{"a@example.com", keep()}});
    const wire::Reply full{552, "5.2.2", "Quota exceeded\nsee https://example.com"};
    EXPECT_EQ(one(order, {{"a@example.com", ok}}).reply, ok.reply);
    const auto failed = one(order, {{"a@example.com", said(Outcome::failed, full)}});
    EXPECT_EQ(failed.kind, Kind::failed);
    EXPECT_EQ(failed.reply, full);
    EXPECT_EQ(failed.to, "lmtp:unix:/run/lmtp");
}

TEST(Waybill, ANextHopThatShutsDownDoesNotShutOurSession) {
    const auto outcome = one(order_of({{"a@example.com", keep()}}),
                             {{"a@example.com", said(Outcome::deferred, {421, "4.3.2", "shutting down"})}});
    EXPECT_EQ(outcome.kind, Kind::deferred);
    EXPECT_EQ(wire::to_line(outcome.reply), "451 4.3.2 shutting down");
}

TEST(Waybill, ARedirectionSaysWhereTo) {
    const auto outcome =
        one(order_of({{"orders@example.com", redirect({"ann@example.com"})}}), {{"ann@example.com", ok}});
    EXPECT_EQ(wire::to_line(outcome.reply),
              "250 2.1.5 redirected to ann@example.com: 2.0.0 Ok: queued as 5AbC");
}

TEST(Waybill, ARedirectionToSeveralIsAsGoodAsItsWorst) {
    const Order order = order_of({{"orders@example.com", redirect({"ann@example.com", "ben@example.com"})}});
    const auto later = said(Outcome::deferred, {450, "4.2.0", "greylisted"});
    const auto never = said(Outcome::failed, {550, "5.1.1", "no such user"});
    auto outcome = one(order, {{"ann@example.com", ok}, {"ben@example.com", later}});
    EXPECT_EQ(outcome.kind, Kind::deferred);
    EXPECT_EQ(wire::to_line(outcome.reply), "450 4.2.0 redirected to ben@example.com: 4.2.0 greylisted");
    outcome = one(order, {{"ann@example.com", never}, {"ben@example.com", later}});
    EXPECT_EQ(outcome.kind, Kind::deferred);
    outcome = one(order, {{"ann@example.com", never}, {"ben@example.com", ok}});
    EXPECT_EQ(wire::to_line(outcome.reply), "550 5.1.1 redirected to ann@example.com: 5.1.1 no such user");
}

TEST(Waybill, NoAnswerAfterTheMailIsDeferredAsUncertain) {
    const auto silent = said(Outcome::uncertain, {451, "4.4.2", "connection lost"});
    const auto outcome = one(order_of({{"a@example.com", keep()}}), {{"a@example.com", silent}});
    EXPECT_EQ(outcome.kind, Kind::deferred);
    EXPECT_EQ(outcome.reply.code, 451);
    EXPECT_EQ(outcome.reply.enhanced, "4.4.2");
}

struct AtOnce {
    policy::RecipientPlan plan;
    Kind kind;
    std::string reply;
};
class WhatNeedsNoSending : public testing::TestWithParam<AtOnce> {};

TEST_P(WhatNeedsNoSending, IsAnsweredWithoutJournalOrServer) {
    const Waybill bill = make_waybill(order_of({{"a@example.com", GetParam().plan}}));
    EXPECT_THAT(journal_keys(bill), IsEmpty());
    EXPECT_THAT(bill.legs, IsEmpty());
    EXPECT_EQ(outcomes(bill).at(0).kind, GetParam().kind);
    EXPECT_EQ(wire::to_line(outcomes(bill).at(0).reply), GetParam().reply);
}

INSTANTIATE_TEST_SUITE_P(Waybill, WhatNeedsNoSending,
                         testing::Values(AtOnce{refuse(), Kind::failed, "550 5.7.1 no"},
                                         AtOnce{wait(), Kind::deferred, "451 4.3.0 nobody there"},
                                         AtOnce{drop(), Kind::done, "250 2.0.0 Ok: discarded"},
                                         AtOnce{spool("moon"), Kind::deferred,
                                                "451 4.3.5 there is no [box.moon]"}));

TEST(Waybill, WithoutAPlaceToSendToTheMailIsDeferredAndTheSettingNamed) {
    Order order = order_of({{"a@example.com", keep()}, {"o@example.com", redirect({"ann@example.com"})}});
    order.listener.next_hop.reset();
    order.listener.reinject.reset();
    const auto all = carried_out(order, {});
    EXPECT_EQ(wire::to_line(all.at(0).reply), "451 4.3.5 no next_hop in [listener.mailbox]");
    EXPECT_EQ(wire::to_line(all.at(1).reply), "451 4.3.5 no reinject in [listener.mailbox]");
}

TEST(Waybill, AMailThatIsToBeHeldIsDeferred) {
    Order order = order_of({{"a@example.com", keep()}, {"b@example.com", refuse()}});
    order.plan.quarantine = "suspicious";
    const auto all = carried_out(order, {});
    EXPECT_EQ(all.at(0).reply.enhanced, "4.7.1");
    EXPECT_EQ(all.at(1).kind, Kind::failed);
}

TEST(Waybill, ACopyIsNobodysAndAsksForNoNotification) {
    Order order = order_of({{"a@example.com", drop()}});
    order.plan.copies = {"archive@example.com"};
    const Waybill bill = make_waybill(order);
    ASSERT_THAT(addresses(bill, Way::reinject), ElementsAre("archive@example.com"));
    EXPECT_THAT(bill.legs.at(0).to.parameters, ElementsAre("NOTIFY=NEVER"));
}

TEST(Waybill, AMailThatGoesToNobodyIsNotCopied) {
    Order order = order_of({{"a@example.com", wait()}, {"b@example.com", refuse()}});
    order.plan.copies = {"archive@example.com"};
    EXPECT_THAT(make_waybill(order).legs, IsEmpty());
}

TEST(Waybill, ARedirectionKeepsWhatTheSenderAskedForAndTheAddressHeAskedOf) {
    const Order order =
        order_of({{"orders@example.com", redirect({"ann@example.com"}), {"NOTIFY=SUCCESS"}},
                  {"sales+eu@example.com", redirect({"ben@example.com"}), {"ORCPT=rfc822;old@example.com"}}});
    const Waybill bill = make_waybill(order);
    EXPECT_THAT(bill.legs.at(0).to.parameters,
                ElementsAre("NOTIFY=SUCCESS", "ORCPT=rfc822;orders@example.com"));
    EXPECT_THAT(bill.legs.at(1).to.parameters, ElementsAre("ORCPT=rfc822;old@example.com"));
}

store::JournalEntry entry_for(const std::string& offer, store::JournalEntry::Outcome outcome) {
    store::JournalEntry entry;
    entry.offer = offer;
    entry.outcome = outcome;
    entry.reply = "250 2.0.0 <a@example.com> saved";
    return entry;
}

TEST(Waybill, WhatTheJournalKnowsAsDoneIsAnsweredFromItAndNotSent) {
    using Known = store::JournalEntry::Outcome;
    const Order order = order_of({{"a@example.com", keep()}});
    for (const Known known : {Known::done, Known::handed, Known::deferred, Known::failed}) {
        Waybill bill = make_waybill(order);
        look_up(bill, {entry_for(journal_keys(bill).at(0), known)});
        const bool lasts = known == Known::done || known == Known::handed;
        EXPECT_EQ(bill.parties.at(0).outcome.has_value(), lasts);
        EXPECT_EQ(addresses(bill, Way::next_hop).empty(), lasts);
        if (!lasts) continue;
        EXPECT_EQ(wire::to_line(outcomes(bill).at(0).reply), "250 2.0.0 <a@example.com> saved");
        EXPECT_TRUE(outcomes(bill).at(0).replayed);
    }
}

TEST(Waybill, WhoWasReachedBeforeIsNotSentToAgain) {
    const Order order = order_of({{"orders@example.com", redirect({"ann@example.com", "ben@example.com"})}});
    Waybill bill = make_waybill(order);
    look_up(bill, {entry_for(bill.legs.at(0).key, store::JournalEntry::Outcome::done)});
    EXPECT_THAT(addresses(bill, Way::reinject), ElementsAre("ben@example.com"));
    bill.legs.at(1).result = ok;
    conclude(bill, order);
    EXPECT_EQ(outcomes(bill).at(0).kind, Kind::done);
}

TEST(Waybill, KeysDifferBetweenEqualMailsWithDifferentBytes) {
    const Order one_mail = order_of({{"a@example.com", keep()}});
    const Order other =
        order_of({{"a@example.com", keep()}}, "Received: by mx id 4AbC\r\n" + std::string(some_mail));
    EXPECT_NE(journal_keys(make_waybill(one_mail)), journal_keys(make_waybill(other)));
}

TEST(Waybill, WhereOneReplyStandsForAllNothingIsSentWhileSomebodyWaits) {
    Order order = order_of({{"a@example.com", keep()}, {"b@example.com", wait()}});
    order.plan.copies = {"archive@example.com"};
    Waybill bill = make_waybill(order);
    wait_for_all(bill);
    EXPECT_THAT(addresses(bill, Way::next_hop), IsEmpty());
    EXPECT_THAT(addresses(bill, Way::reinject), IsEmpty());
    EXPECT_EQ(wire::to_line(one_reply(outcomes(bill))), "451 4.3.0 nobody there");
}

RecipientOutcome came_to(Kind kind, int code) { return {kind, {code, "", "text"}, false, {}}; }

TEST(OneReply, IsTheFirstDeferralThenTheFirstFailureThenSuccess) {
    const auto done = came_to(Kind::done, 250), handed = came_to(Kind::handed, 251);
    const auto later = came_to(Kind::deferred, 450), failed = came_to(Kind::failed, 550);
    EXPECT_EQ(one_reply({done, failed, later, came_to(Kind::deferred, 451)}).code, 450);
    EXPECT_EQ(one_reply({handed, failed, came_to(Kind::failed, 551)}).code, 550);
    EXPECT_EQ(one_reply({handed, done}).code, 250);
    EXPECT_EQ(one_reply({handed}).code, 251);
    EXPECT_EQ(one_reply({}).code, 451);
}

}  // namespace
}  // namespace mailrota::runtime::fixture
