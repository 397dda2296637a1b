#include "core/runtime/delivery_fixture.h"
#include "core/runtime/relay_case_fixture.h"
#include "core/runtime/relay_kind.h"

// Relaying as deliveries and jobs do it.
namespace mailrota::runtime::fixture {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
using Outcome = store::JournalEntry::Outcome;

policy::RecipientPlan relayed() {
    policy::RecipientPlan plan = plan_of(Fate::relay);
    plan.rota = "bulk";
    return plan;
}

class RelayDelivery : public RelayCase {
  protected:
    Order order(const std::vector<Wanted>& wanted) {
        Order made = order_of(wanted);
        made.listener.next_hop = next_hop.endpoint();
        made.carriers = Carriers::open(config).value();
        return made;
    }
    std::vector<RecipientOutcome> perform(Order order, Keeper keeper = Keeper::client) {
        std::vector<RecipientOutcome> outcomes;
        run(delivery.perform(std::move(order), keeper), outcomes);
        return outcomes;
    }
    std::vector<RecipientOutcome> perform(const std::vector<Wanted>& wanted, Keeper keeper = Keeper::client) {
        return perform(order(wanted), keeper);
    }
    template <class T>
    void run(boost::asio::awaitable<T> what, T& into) {
        bool over = false;
        boost::asio::co_spawn(context, std::move(what), [&](const std::exception_ptr& fault, T result) {
            EXPECT_FALSE(fault);
            into = std::move(result);
            over = true;
        });
        context.restart();
        while (!over) context.run_one();
    }
    // What a job came to, and what it writes is written.
    std::string attempt(const store::Job& job, const std::string& bytes, bool expired = false) {
        const auto carriers = Carriers::open(config).value();
        const JobKind kind =
            relay_kind_on({relay, [carriers] { return carriers; }, [this] { return now; }, {}, "me.test"});
        Attempted attempted;
        run(kind(job, bytes, expired), attempted);
        return std::visit(
            [this](const auto& end) {
                write([&end](store::Transaction& transaction) { return end.also(transaction); });
                return end.last;
            },
            attempted);
    }
    std::vector<store::Job> jobs() {
        std::vector<store::Job> all;
        write([&all](store::Transaction& transaction) -> Result<void> {
            all = transaction.jobs(true, 100).value();
            return {};
        });
        return all;
    }
    std::vector<store::JournalEntry> journal() {
        std::vector<store::JournalEntry> all;
        write([&](store::Transaction& transaction) -> Result<void> {
            all = transaction.journal_of(order({}).mail_id).value();
            return {};
        });
        return all;
    }

    const Wanted ann{"ann@example.com", relayed()};
    const Wanted ben{"ben@example.com", relayed()};
    Peer next_hop{context, config::Endpoint::Protocol::lmtp};
    UnderWay under_way;
    Delivery delivery{
        {async, connections, log, metrics, secret, under_way, [this] { return now; }, "me.test", &relay}};
};

TEST_F(RelayDelivery, ARelayedRecipientHasTheProvidersReplyAndTheJournalNamesTheProvider) {
    const auto outcomes = perform({ann, {"cat@example.com", keep()}});
    EXPECT_EQ(wire::to_line(outcomes.at(0).reply), "250 2.0.0 accepted by one as <m1@example.com>");
    EXPECT_EQ(outcomes.at(0).to, "one");
    EXPECT_EQ(next_hop.received("cat@example.com"), 1);
    EXPECT_EQ(next_hop.received("ann@example.com"), 0);
    const auto entries = journal();
    ASSERT_THAT(entries, SizeIs(2));
    EXPECT_EQ(entries[0].recipient, "ann@example.com");
    EXPECT_EQ(entries[0].route, "relay");
    EXPECT_EQ(entries[0].to, "one");
}

TEST_F(RelayDelivery, WhatIsInTheJournalIsNotRelayedAgainAndWhatTheJournalLostIsNotEither) {
    perform({ann});
    EXPECT_TRUE(perform({ann}).at(0).replayed);
    EXPECT_EQ(one.calls(), 1U);
    store.failing_write = store.writes + 3;  // begin, end, and then the journal
    const Wanted cat{"cat@example.com", keep()};
    EXPECT_EQ(perform({ben, cat}).at(0).kind, RecipientOutcome::Kind::done);
    EXPECT_EQ(perform({ben, cat}).at(0).kind, RecipientOutcome::Kind::done);
    EXPECT_EQ(one.calls(), 2U);
}

TEST_F(RelayDelivery, AMailThatIsOnlyRelayedIsWrittenTwiceOnly) {
    const int before = store.writes;
    perform({ann, ben});
    EXPECT_EQ(store.writes - before, 2);
    EXPECT_THAT(journal(), SizeIs(2));
}

TEST_F(RelayDelivery, WhenTheEndOfACallCannotBeWrittenTheJournalStillIs) {
    store.failing_write = store.writes + 2;  // the end, with the journal
    EXPECT_EQ(perform({ben}).at(0).kind, RecipientOutcome::Kind::done);
    EXPECT_THAT(journal(), SizeIs(1));
    EXPECT_TRUE(perform({ben}).at(0).replayed);
    EXPECT_EQ(one.calls(), 1U);
}

TEST_F(RelayDelivery, HeaderEditsGoToTheProvider) {
    Order edited = order({ann});
    edited.plan.headers = {{policy::HeaderEdit::Kind::add, "X-Added", "yes"}};
    perform(std::move(edited));
    EXPECT_THAT(one.seen().at(0).body, HasSubstr("X-Added: yes\r\n"));
}

TEST_F(RelayDelivery, WithoutTheRotaTheRecipientWaits) {
    Order lacking = order({ann});
    lacking.carriers = nullptr;
    EXPECT_EQ(wire::to_line(perform(std::move(lacking)).at(0).reply),
              "451 4.3.5 there is no [rota.bulk] of providers");
}

TEST_F(RelayDelivery, ASenderWhoWantsToHearOfSuccessIsToldThatTheMailWasRelayed) {
    perform({{"ann@example.com", relayed(), {"NOTIFY=SUCCESS"}}});
    ASSERT_THAT(jobs(), SizeIs(1));
    EXPECT_THAT(jobs()[0].key, StartsWith("notify relayed "));
}

TEST_F(RelayDelivery, UnderSmtpTheRestBecomesAJobThatGoesOnWithoutADuplicate) {
    Peer host(context, config::Endpoint::Protocol::smtp);
    without_providers();
    add_host("host", host);
    host.at_rcpt["ben@example.com"] = "451 4.2.1 later";
    const auto outcomes = perform({ann, ben}, Keeper::worker);
    EXPECT_EQ(outcomes.at(1).kind, RecipientOutcome::Kind::handed);
    ASSERT_THAT(jobs(), SizeIs(1));
    store::Job job = jobs()[0];
    EXPECT_EQ(job.kind, "relay");
    EXPECT_THAT(attempt(job, some_mail), HasSubstr("451 4.2.1 later"));
    host.at_rcpt.clear();
    EXPECT_THAT(attempt(job, some_mail), StartsWith("ben@example.com: 250 2.0.0 accepted by host"));
    EXPECT_EQ(host.received("ann@example.com"), 1);
    EXPECT_EQ(host.received("ben@example.com"), 1);
    for (const auto& entry : journal()) EXPECT_EQ(entry.outcome, Outcome::done);
}

TEST_F(RelayDelivery, AJobWhoseTimeIsOverTellsTheSender) {
    Peer host(context, config::Endpoint::Protocol::smtp);
    without_providers();
    add_host("host", host);
    host.at_rcpt["ben@example.com"] = "451 4.2.1 later";
    perform({ann, ben}, Keeper::worker);
    EXPECT_THAT(attempt(jobs().at(0), some_mail, true), HasSubstr("554 5.4.7 Not delivered in time"));
    ASSERT_THAT(jobs(), SizeIs(2));
    EXPECT_THAT(jobs()[1].key, StartsWith("notify failed job "));
    EXPECT_EQ(jobs()[1].kind, "deliver");
}

TEST_F(RelayDelivery, AnUncertainRecipientWaitsAndIsNotSentTwice) {
    one.set("");
    EXPECT_THAT(wire::to_line(perform({ann}).at(0).reply), StartsWith("451 4.4.2 "));
    EXPECT_THAT(wire::to_line(perform({ann}).at(0).reply), StartsWith("451 4.4.2 "));
    EXPECT_EQ(two.calls(), 0U);
    int mails = 0;
    for (const auto& request : one.seen()) mails += request.line.starts_with("POST") ? 1 : 0;
    EXPECT_EQ(mails, 1);
}

}  // namespace
}  // namespace mailrota::runtime::fixture
