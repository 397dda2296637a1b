#include "core/runtime/delivery.h"

#include "core/runtime/deliver_job.h"
#include "core/runtime/delivery_case_fixture.h"
#include "core/runtime/receipt.h"

namespace mailrota::runtime::fixture {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Kind = RecipientOutcome::Kind;

class OneReplyForAll : public DeliveryCase {};

TEST_F(OneReplyForAll, WhatIsLeftOverBecomesAJobAndWhatFailedANotification) {
    next_hop.at_rcpt["full@example.com"] = "452 4.2.2 mailbox full";
    next_hop.at_rcpt["gone@example.com"] = "550 5.1.1 no such user";
    const auto outcomes = perform(
        {ann_kept, {"full@example.com", keep()}, {"gone@example.com", keep()}, {"no@example.com", refuse()}},
        Keeper::worker);
    EXPECT_EQ(one_reply(outcomes).code, 250);
    EXPECT_EQ(outcomes.at(1).kind, Kind::handed);
    const auto all = jobs();
    ASSERT_THAT(all, SizeIs(2));
    const auto rest = read_deliver_job(all[0].payload).value();
    ASSERT_THAT(rest.recipients, SizeIs(1));
    EXPECT_EQ(rest.recipients[0].address, "full@example.com");
    EXPECT_EQ(rest.sender, "customer@example.net");
    EXPECT_EQ(bytes_of(all[0]), some_mail);
    EXPECT_EQ(all[0].due, now + config::WorkerSettings{}.first_retry);
    const std::string notification = bytes_of(all[1]);
    EXPECT_THAT(notification, HasSubstr("gone@example.com"));
    EXPECT_THAT(notification, HasSubstr("no@example.com"));
    EXPECT_THAT(notification, Not(HasSubstr("full@example.com")));
}

TEST_F(OneReplyForAll, WhatFailedInAJobAndIsOfferedAgainGetsAnotherJob) {
    const std::vector<Wanted> both{ann_kept, {"bob@example.com", keep()}};
    next_hop.at_rcpt["bob@example.com"] = "451 4.2.0 later";
    perform(both, Keeper::worker);
    const Order mail = order(both);
    const auto failed = memory->write({}, [&](store::Transaction& t) -> Result<void> {
        const auto job = t.claim_jobs("me", now + std::chrono::hours(1), now + std::chrono::hours(2), 1);
        if (!job || !t.finish_job(job->at(0).id, job->at(0).fence, "550 no")) return invalid("no job");
        const auto& bob = mail.mail.envelope.recipients.at(1).address;
        auto entries = t.journal({mail::offer_key(mail.mail_id, bob)}).value();
        entries.at(0).outcome = store::JournalEntry::Outcome::failed;
        return t.put_journal(stored_mail(mail), entries);
    });
    ASSERT_TRUE(failed);
    now += std::chrono::minutes(10);
    EXPECT_EQ(perform(both, Keeper::worker).at(1).kind, Kind::handed);
    EXPECT_THAT(jobs(), SizeIs(2));
}

TEST_F(OneReplyForAll, WhenAllWaitOrAllFailTheClientHearsIt) {
    next_hop.at_rcpt["full@example.com"] = "452 4.2.2 mailbox full";
    EXPECT_EQ(one_reply(perform({{"full@example.com", keep()}}, Keeper::worker)).code, 452);
    next_hop.at_rcpt["full@example.com"] = "550 5.1.1 gone";
    EXPECT_EQ(one_reply(perform({{"full@example.com", keep()}}, Keeper::worker)).code, 550);
    EXPECT_THAT(jobs(), IsEmpty());
}

TEST_F(OneReplyForAll, NothingIsSentWhileARuleMakesOneRecipientWait) {
    EXPECT_EQ(one_reply(perform({ann_kept, {"c@example.com", wait()}}, Keeper::worker)).code, 451);
    EXPECT_THAT(next_hop.mails, IsEmpty());
}

TEST_F(OneReplyForAll, WithoutTheJobTheRemainderIsTheClientsStill) {
    next_hop.at_rcpt["full@example.com"] = "452 4.2.2 mailbox full";
    store.failing_write = 1;
    EXPECT_EQ(one_reply(perform({ann_kept, {"full@example.com", keep()}}, Keeper::worker)).code, 451);
    EXPECT_THAT(jobs(), IsEmpty());
}

}  // namespace
}  // namespace mailrota::runtime::fixture
