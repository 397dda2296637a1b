#include "core/runtime/delivery.h"

#include "core/runtime/deliver_job.h"
#include "core/runtime/delivery_case_fixture.h"
#include "core/runtime/receipt.h"

namespace mailrota::runtime::fixture {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using Kind = RecipientOutcome::Kind;

TEST_F(DeliveryCase, BothDestinationsGetTheirRecipientsAndTheJournalKnowsBeforeTheReply) {
    const auto outcomes = perform({ann_kept, orders_to_ben});
    EXPECT_EQ(line(outcomes.at(0)), "250 2.0.0 <ann@example.com> saved");
    EXPECT_EQ(line(outcomes.at(1)), "250 2.1.5 redirected to ben@example.com: 2.0.0 Ok: queued as 5AbC");
    EXPECT_EQ(next_hop.received("ann@example.com"), 1);
    EXPECT_EQ(reinject.received("ben@example.com"), 1);
    EXPECT_THAT(journal(), SizeIs(3));  // two recipients, and whom the redirection reached
}

TEST_F(DeliveryCase, WhatIsNotEditedPassesByteForByteAndARedirectionCarriesOneTrace) {
    const std::string mail = "X-Mailrota-Trace: forged\r\n" + std::string(some_mail) + ".dot\r\n\tx\xff\r\n";
    perform(order({ann_kept, orders_to_ben}, mail));
    const std::string kept = next_hop.mails.at(0).content + "\r\n";
    EXPECT_EQ(kept, "X-Mailrota-Trace: forged\r\n" + std::string(some_mail) + "..dot\r\n\tx\xff\r\n");
    const std::string& sent = reinject.mails.at(0).content;
    EXPECT_THAT(sent, Not(HasSubstr("forged")));
    const auto trace = mail::read_trace(mail::Message::from_bytes(sent), secret);
    EXPECT_EQ(trace, (mail::Trace{{"orders"}, 1}));
}

TEST_F(DeliveryCase, AnOfferThatComesAgainIsAnsweredFromTheJournalAndNothingIsSentTwice) {
    const auto first = perform({ann_kept, orders_to_ben});
    const int written = store.writes;
    for (const auto& alone : {ann_kept, orders_to_ben}) {
        const auto again = perform({alone}).at(0);
        EXPECT_TRUE(again.replayed);
        EXPECT_EQ(again.reply, first.at(alone.address == "ann@example.com" ? 0 : 1).reply);
    }
    EXPECT_THAT(next_hop.mails, SizeIs(1));
    EXPECT_THAT(reinject.mails, SizeIs(1));
    EXPECT_EQ(store.writes, written);
}

TEST_F(DeliveryCase, TwoEqualMailsWithDifferentReceivedLinesBothArrive) {
    perform(order({ann_kept}));
    perform(order({ann_kept}, "Received: by mx id 2\r\n" + std::string(some_mail)));
    EXPECT_EQ(next_hop.received("ann@example.com"), 2);
}

TEST_F(DeliveryCase, DropRefuseAndDeferTouchNeitherStoreNorServer) {
    const auto outcomes =
        perform({{"a@example.com", drop()}, {"b@example.com", refuse()}, {"c@example.com", wait()}});
    EXPECT_EQ(outcomes.at(0).kind, Kind::done);
    EXPECT_EQ(outcomes.at(1).kind, Kind::failed);
    EXPECT_EQ(outcomes.at(2).kind, Kind::deferred);
    EXPECT_EQ(store.reads, 0);
    EXPECT_EQ(store.writes, 0);
}

TEST_F(DeliveryCase, RepliesOfTheNextHopAreEachRecipientsOwn) {
    next_hop.at_rcpt["gone@example.com"] = "550 5.1.1 no such user";
    next_hop.after_data["full@example.com"] = "452 4.2.2 mailbox full";
    const auto outcomes = perform({ann_kept, {"gone@example.com", keep()}, {"full@example.com", keep()}});
    EXPECT_EQ(outcomes.at(0).kind, Kind::done);
    EXPECT_EQ(line(outcomes.at(1)), "550 5.1.1 no such user");
    EXPECT_EQ(line(outcomes.at(2)), "452 4.2.2 mailbox full");
    next_hop.after_data.clear();
    EXPECT_EQ(perform({{"full@example.com", keep()}}).at(0).kind, Kind::done);
    EXPECT_EQ(next_hop.received("ann@example.com"), 1);
}

TEST_F(DeliveryCase, ARedirectionToSeveralIsTriedAgainOnlyForThoseItDidNotReach) {
    const Wanted both{"orders@example.com", redirect({"ben@example.com", "cho@example.com"})};
    reinject.at_rcpt["cho@example.com"] = "450 4.2.0 greylisted";
    EXPECT_EQ(line(perform({both}).at(0)), "450 4.2.0 redirected to cho@example.com: 4.2.0 greylisted");
    reinject.at_rcpt.clear();
    EXPECT_EQ(perform({both}).at(0).kind, Kind::done);
    EXPECT_EQ(reinject.received("ben@example.com"), 1);
    EXPECT_EQ(reinject.received("cho@example.com"), 1);
}

TEST_F(DeliveryCase, NobodyGetsAMailTwiceByTwoRecipientsOfferedApart) {
    perform({orders_to_ben});
    const auto second = perform({{"sales@example.com", redirect({"ben@example.com"})}}).at(0);
    EXPECT_EQ(second.kind, Kind::done);
    EXPECT_EQ(reinject.received("ben@example.com"), 1);
}

TEST_F(DeliveryCase, TheSameRecipientTwiceIsOneEffectAndTwoReplies) {
    const auto outcomes = perform({ann_kept, ann_kept});
    EXPECT_EQ(outcomes.at(0).reply, outcomes.at(1).reply);
    EXPECT_EQ(next_hop.received("ann@example.com"), 1);
}

TEST_F(DeliveryCase, AnOfferThatIsUnderWayIsDeferred) {
    const auto all = perform_all({order({ann_kept}), order({ann_kept})});
    EXPECT_EQ(all.at(0).at(0).kind, Kind::done);
    EXPECT_THAT(line(all.at(1).at(0)), StartsWith("451 4.4.5"));
    EXPECT_EQ(next_hop.received("ann@example.com"), 1);
    EXPECT_TRUE(perform({ann_kept}).at(0).replayed);
}

TEST_F(DeliveryCase, WhomTwoRecipientsLeadToAtTheSameTimeGetsTheMailOnce) {
    const Wanted sales_to_ben{"sales@example.com", redirect({"ben@example.com"})};
    const auto all = perform_all({order({orders_to_ben}), order({sales_to_ben})});
    EXPECT_EQ(all.at(0).at(0).kind, Kind::done);
    EXPECT_THAT(line(all.at(1).at(0)), StartsWith("451 4.4.5"));
    EXPECT_EQ(perform({sales_to_ben}).at(0).kind, Kind::done);
    EXPECT_EQ(reinject.received("ben@example.com"), 1);
}

TEST_F(DeliveryCase, WhoIsDeferredBecauseAnotherWorksAtItDoesNotUnmakeWhatThatOneWrites) {
    const Order mail = order({ann_kept, orders_to_ben});
    Waybill bill = make_waybill(mail);
    bill.parties.at(0).outcome = RecipientOutcome{Kind::deferred, {451, "4.4.5", "later"}, false, {}};
    bill.legs.at(1).result = wire::SmtpResult{wire::SmtpResult::Outcome::done, {250, "2.0.0", "Ok"}, true};
    conclude(bill, mail);
    Letter letter(mail, secret);
    const Receipt receipt = make_receipt(mail, bill, letter, now, [] { return std::string("id"); });
    EXPECT_THAT(receipt.entries,
                Each(Field(&store::JournalEntry::outcome, store::JournalEntry::Outcome::done)));
    EXPECT_THAT(receipt.entries, SizeIs(2));  // the recipient and the address that was sent to
}

TEST_F(DeliveryCase, ARuleThatDefersNowDoesNotUnmakeWhatWasDone) {
    perform({ann_kept});
    perform({{"ann@example.com", wait()}, orders_to_ben});
    EXPECT_TRUE(perform({ann_kept}).at(0).replayed);
}

TEST_F(DeliveryCase, ANextHopThatIsAwayDefersItsRecipientsAndNoOthers) {
    next_hop.stop();
    const auto outcomes = perform({ann_kept, orders_to_ben});
    EXPECT_EQ(outcomes.at(0).kind, Kind::deferred);
    EXPECT_EQ(outcomes.at(0).reply.code, 451);
    EXPECT_EQ(outcomes.at(1).kind, Kind::done);
}

TEST_F(DeliveryCase, SilenceAfterTheMailIsDeferredAndCounted) {
    next_hop.silent = true;
    EXPECT_THAT(line(perform({ann_kept}).at(0)), StartsWith("451 4.4.2"));
    EXPECT_THAT(metrics.expose(), HasSubstr("cause=\"uncertain\""));
}

TEST_F(DeliveryCase, AfterTheDeadlineNothingIsSent) {
    Order late = order({ann_kept});
    late.listener.deadline = std::chrono::seconds(0);
    EXPECT_THAT(line(perform(std::move(late)).at(0)), StartsWith("451 4.4.1"));
    EXPECT_THAT(next_hop.mails, IsEmpty());
}

TEST_F(DeliveryCase, WithoutAJournalToAskNothingIsSent) {
    store.unreadable = true;
    for (const auto& outcome : perform({ann_kept, orders_to_ben}))
        EXPECT_THAT(line(outcome), StartsWith("451 4.3.0"));
    EXPECT_THAT(next_hop.mails, IsEmpty());
    EXPECT_THAT(reinject.mails, IsEmpty());
}

TEST_F(DeliveryCase, AJournalThatFailsAfterTheSendingDoesNotMakeALieOfTheReply) {
    store.failing_write = 1;
    const auto outcomes = perform({ann_kept, {"web@example.com", spool("web")}});
    EXPECT_EQ(outcomes.at(0).kind, Kind::done);
    EXPECT_THAT(line(outcomes.at(1)), StartsWith("451 4.3.0"));  // the store alone would have it
}

TEST_F(DeliveryCase, ACopyThatTheStoreDoesNotTakeKeepsTheMailInTheClientsQueueEvenIfAllFailed) {
    Order made = order({ann_kept});
    made.plan.copies = {"archive@example.com"};
    next_hop.at_rcpt["ann@example.com"] = "550 5.1.1 no such user";
    reinject.at_rcpt["archive@example.com"] = "450 4.2.0 later";
    store.failing_write = 1;
    EXPECT_THAT(line(perform(made).at(0)), StartsWith("451 4.3.0"));
    reinject.at_rcpt.clear();
    EXPECT_EQ(line(perform(made).at(0)), "550 5.1.1 no such user");
    EXPECT_EQ(reinject.received("archive@example.com"), 1);
}

TEST_F(DeliveryCase, WhileTheJournalCannotBeWrittenNothingMoreIsSent) {
    store.fault = FailingStore::Fault::at_once;
    EXPECT_EQ(perform({ann_kept}).at(0).kind, Kind::done);
    EXPECT_THAT(line(perform({ann_kept}).at(0)), StartsWith("451 4.3.0"));
    EXPECT_EQ(next_hop.received("ann@example.com"), 1);
    store.fault = FailingStore::Fault::none;
    EXPECT_EQ(perform({ann_kept}).at(0).kind, Kind::done);
}

TEST_F(DeliveryCase, ABoxGetsOneItemForItsRecipientsWithTheRulesEdits) {
    Order made =
        order({{"web@example.com", spool("web"), {"NOTIFY=SUCCESS"}}, {"web2@example.com", spool("web")}});
    made.plan.headers = {{mail::HeaderEdit::Kind::add, "X-Rule", "yes"}};
    EXPECT_EQ(line(perform(std::move(made)).at(0)), "250 2.0.0 Ok: kept in box web");
    look([](store::Transaction& t) {
        const auto items = t.box_items("web", 10).value();
        ASSERT_THAT(items, SizeIs(1));
        ASSERT_THAT(items[0].recipients, SizeIs(2));
        EXPECT_THAT(items[0].recipients[0].parameters, ElementsAre("NOTIFY=SUCCESS"));
        EXPECT_EQ(items[0].id.size(), 32U);
        const std::string bytes = t.box_bytes("web", items[0].id).value();
        EXPECT_THAT(bytes, HasSubstr("\r\nX-Rule: yes\r\n\r\nTwo boxes"));
        EXPECT_EQ(items[0].size, bytes.size());
    });
    EXPECT_TRUE(perform({{"web@example.com", spool("web")}}).at(0).replayed);
}

TEST_F(DeliveryCase, WhatAnotherNodeHasPutInABoxMeanwhileIsNotPutThereAgain) {
    const Order mail = order({{"web@example.com", spool("web")}, {"web2@example.com", spool("web")}});
    Waybill bill = make_waybill(mail);  // before the other node, as far as it knows
    conclude(bill, mail);
    Letter letter(mail, secret);
    const Receipt receipt = make_receipt(mail, bill, letter, now, [] { return std::string("id"); });
    perform({{"web@example.com", spool("web")}});
    ASSERT_TRUE(memory->write({}, [&receipt](store::Transaction& t) { return receipt.write(t); }));
    look([](store::Transaction& t) {
        std::vector<std::string> all;
        const auto items = t.box_items("web", 10).value();
        for (const auto& item : items)
            for (const auto& recipient : item.recipients) all.push_back(recipient.address);
        EXPECT_THAT(all, testing::UnorderedElementsAre("web@example.com", "web2@example.com"));
    });
}

TEST_F(DeliveryCase, AReplyIsToldWholeAndKeptShort) {
    next_hop.after_data["ann@example.com"] = "250 2.0.0 " + std::string(1400, 'x');
    EXPECT_EQ(perform({ann_kept}).at(0).reply.text.size(), 1400U);
    EXPECT_EQ(journal().at(0).reply.size(), 1000U);
}

TEST_F(DeliveryCase, ACopyThatCannotBeSentNowIsLeftToTheWorker) {
    Order made = order({ann_kept});
    made.plan.copies = {"archive@example.com"};
    reinject.at_rcpt["archive@example.com"] = "450 4.2.0 later";
    EXPECT_EQ(line(perform(made).at(0)), "250 2.0.0 <ann@example.com> saved");
    ASSERT_THAT(jobs(), SizeIs(1));
    const auto job = read_deliver_job(jobs()[0].payload).value();
    EXPECT_EQ(job.recipients.at(0).address, "archive@example.com");
    EXPECT_EQ(job.endpoint, reinject.endpoint());
    EXPECT_THAT(bytes_of(jobs()[0]), HasSubstr("X-Mailrota-Trace: v1; hops=1;"));
    reinject.at_rcpt.clear();
    EXPECT_TRUE(perform(made).at(0).replayed);
    EXPECT_THAT(reinject.mails, IsEmpty());  // the job has it
}

TEST_F(DeliveryCase, SuccessIsToldByUsWhereTheOtherSideHasNoDsn) {
    const Wanted asks{"ann@example.com", keep(), {"NOTIFY=SUCCESS,FAILURE"}};
    perform({asks, {"quiet@example.com", keep()}});
    ASSERT_THAT(jobs(), SizeIs(1));
    EXPECT_THAT(bytes_of(jobs()[0]), HasSubstr("Action: relayed"));
    EXPECT_THAT(bytes_of(jobs()[0]), Not(HasSubstr("quiet@example.com")));
    const auto job = read_deliver_job(jobs()[0].payload).value();
    EXPECT_EQ(job.sender, "");
    EXPECT_EQ(job.recipients.at(0).address, "customer@example.net");
}

TEST_F(DeliveryCase, SuccessIsLeftToAServerWithDsnWhichHearsWhatTheSenderAskedFor) {
    reinject.dsn = true;
    Order made = order({{"orders@example.com", redirect({"ben@example.com"}), {"NOTIFY=SUCCESS"}}});
    made.mail.envelope.sender_parameters = {"SIZE=99", "RET=HDRS", "ENVID=abc"};
    perform(std::move(made));
    EXPECT_THAT(jobs(), IsEmpty());
    EXPECT_EQ(reinject.mails.at(0).sender, "<customer@example.net> RET=HDRS ENVID=abc");
    EXPECT_THAT(reinject.mails.at(0).recipients,
                ElementsAre("<ben@example.com> NOTIFY=SUCCESS ORCPT=rfc822;orders@example.com"));
}

}  // namespace
}  // namespace mailrota::runtime::fixture
