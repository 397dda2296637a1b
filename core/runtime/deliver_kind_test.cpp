#include "core/runtime/deliver_kind.h"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "core/runtime/deliver_job.h"
#include "core/runtime/intake_fixture.h"
#include "core/runtime/peer_fixture.h"

namespace mailrota::runtime::fixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Known = store::JournalEntry::Outcome;

constexpr const char* text = "Subject: hello\r\n\r\ntext\r\n";

DeliverJob some_job() {
    DeliverJob job;
    job.endpoint = {config::Endpoint::Protocol::lmtp, "::1", 24, ""};
    job.sender = "customer@example.net";
    job.sender_parameters = {"RET=FULL", "ENVID=a+2Bb"};
    job.recipients = {{"ann@example.com", "orders@example.com", {"NOTIFY=FAILURE"}, "offer 1"},
                      {"b\xc3\xb6@example.com", "b\"\\@example.com", {}, ""}};
    job.queue_id = "4XyZ";
    return job;
}

TEST(DeliverJob, ComesBackFromItsPayload) {
    const DeliverJob job = some_job();
    const DeliverJob back = read_deliver_job(to_json(job)).value();
    EXPECT_EQ(back.endpoint, job.endpoint);
    EXPECT_EQ(back.sender_parameters, job.sender_parameters);
    ASSERT_THAT(back.recipients, SizeIs(2));
    EXPECT_EQ(back.recipients[0].parameters, job.recipients[0].parameters);
    EXPECT_EQ(back.recipients[0].offer, "offer 1");
    EXPECT_EQ(back.recipients[1].address, job.recipients[1].address);
    EXPECT_EQ(back.recipients[1].original, job.recipients[1].original);
    EXPECT_EQ(to_json(back), to_json(job));
}

TEST(DeliverJob, AnythingElseIsAnError) {
    for (const char* payload : {"", "[]", "{}", "{\"endpoint\":1}", "null",
                                R"({"endpoint":"moon","sender":"","sender_parameters":[],"recipients":[]})"})
        EXPECT_FALSE(read_deliver_job(payload)) << payload;
}

TEST(NotificationJob, IsTheSameJobForTheSameNewsAndNoneForTheNullSender) {
    Notification news;
    news.about = "failed 1";
    news.dsn.to = "customer@example.net";
    news.dsn.reporting_mta = "me.test";
    news.dsn.now = start;
    news.dsn.recipients = {{"ann@example.com", "", mail::DsnRecipient::Action::failed, "5.1.1", "", ""}};
    news.submit = config::WorkerSettings{}.submit;
    news.expire = std::chrono::hours(1);
    const auto job = notification_job(news, text);
    ASSERT_TRUE(job);
    EXPECT_EQ(job->job.key, notification_job(news, text)->job.key);
    EXPECT_EQ(job->job.expires, start + std::chrono::hours(1));
    EXPECT_EQ(read_deliver_job(job->job.payload).value().sender, "");
    news.dsn.to.clear();
    EXPECT_FALSE(notification_job(news, text));
}

// One attempt at a job to a peer, and what it leaves in the store.
class DeliverKindCase : public IntakeTest {
  protected:
    DeliverKindCase() {
        delivery.endpoint = peer.endpoint();
        delivery.sender = "customer@example.net";
        for (const char* name : {"ann", "ben"})
            delivery.recipients.push_back(
                {std::string(name) + "@example.com", "orders@example.com", {}, std::string("offer ") + name});
        journal_of("ann", Known::handed);
        journal_of("ben", Known::handed);
    }

    Attempted attempt(bool expired = false) {
        store::Job job;
        job.key = "rest 1";
        job.mail = "mail 1";
        job.payload = to_json(delivery);
        const JobKind kind = deliver_kind_on({connections, [this] { return now; }, {}, "me.test"});
        std::optional<Attempted> attempted;
        boost::asio::co_spawn(context, kind(job, text, expired),
                              [&attempted](const std::exception_ptr& fault, Attempted one) {
                                  EXPECT_FALSE(fault);
                                  attempted = std::move(one);
                              });
        while (!attempted) context.run_one();
        const auto& also =
            std::visit([](const auto& one) -> const store::Work& { return one.also; }, *attempted);
        if (also) change(also);
        return *std::move(attempted);
    }
    void journal_of(const std::string& name, Known outcome) {
        store::StoredMail mail;
        mail.id = "mail 1";
        store::JournalEntry entry;
        entry.offer = "offer " + name;
        entry.mail = mail.id;
        entry.recipient = name + "@example.com";
        entry.outcome = outcome;
        change([&](store::Transaction& transaction) { return transaction.put_journal(mail, {entry}); });
    }
    void change(const store::Work& work) {
        const auto written = memory->write({}, work);
        EXPECT_TRUE(written) << written.error().text;
    }
    Known outcome_of(const std::string& name) {
        Known outcome = Known::deferred;
        change([&](store::Transaction& transaction) -> Result<void> {
            outcome = transaction.journal({"offer " + name}).value().at(0).outcome;
            return {};
        });
        return outcome;
    }
    std::vector<std::string> story() {
        std::vector<std::string> events;
        change([&](store::Transaction& transaction) -> Result<void> {
            const auto lines = transaction.story_of("mail 1").value();
            for (const auto& line : lines) events.push_back(line.event);
            return {};
        });
        return events;
    }
    // The only notification; empty if there is none.
    std::string notification() {
        std::string bytes;
        change([&](store::Transaction& transaction) -> Result<void> {
            const auto jobs = transaction.jobs(true, 10).value();
            EXPECT_LE(jobs.size(), 1U);
            if (!jobs.empty()) bytes = transaction.job_bytes(jobs[0].id).value();
            return {};
        });
        return bytes;
    }

    boost::asio::io_context context{1};
    Peer peer{context, config::Endpoint::Protocol::lmtp};
    Connections connections{context.get_executor(), "me.test"};
    DeliverJob delivery;
};

TEST_F(DeliverKindCase, WhoIsDeliveredDropsOutAndTheRestWaits) {
    peer.after_data["ben@example.com"] = "450 4.2.0 later";
    const Attempted attempted = attempt();
    const auto* rest = std::get_if<Postponed>(&attempted);
    ASSERT_NE(rest, nullptr);
    const auto left = read_deliver_job(rest->payload).value();
    ASSERT_THAT(left.recipients, SizeIs(1));
    EXPECT_EQ(left.recipients[0].address, "ben@example.com");
    EXPECT_THAT(rest->last, HasSubstr("450 4.2.0 later"));
    EXPECT_EQ(outcome_of("ann"), Known::done);
    EXPECT_EQ(outcome_of("ben"), Known::handed);
    EXPECT_THAT(story(), ElementsAre("delivered", "attempt"));
    EXPECT_THAT(notification(), IsEmpty());
}

TEST_F(DeliverKindCase, WhenAllIsDeliveredTheJobIsFinished) {
    EXPECT_TRUE(std::holds_alternative<Finished>(attempt()));
    EXPECT_EQ(peer.mails.at(0).content + "\r\n", text);
}

TEST_F(DeliverKindCase, AFailureIsToldToTheSender) {
    peer.at_rcpt["ben@example.com"] = "550 5.1.1 no such user";
    EXPECT_TRUE(std::holds_alternative<Finished>(attempt()));
    EXPECT_THAT(notification(), HasSubstr("Status: 5.1.1"));
    EXPECT_THAT(notification(), HasSubstr("ben@example.com"));
    EXPECT_THAT(notification(), Not(HasSubstr("ann@example.com")));
    EXPECT_EQ(outcome_of("ben"), Known::failed);
    EXPECT_THAT(story(), testing::UnorderedElementsAre("delivered", "failed", "notified"));
}

TEST_F(DeliverKindCase, AFailureThatNobodyWantsToHearOfIsNotTold) {
    peer.at_rcpt["ben@example.com"] = "550 5.1.1 no such user";
    delivery.recipients[1].parameters = {"NOTIFY=NEVER"};
    EXPECT_TRUE(std::holds_alternative<Finished>(attempt()));
    EXPECT_THAT(notification(), IsEmpty());
}

TEST_F(DeliverKindCase, AFailureOfMailWithoutASenderIsKeptForTheAdministrator) {
    peer.at_rcpt["ben@example.com"] = "550 5.1.1 no such user";
    delivery.sender.clear();
    const Attempted attempted = attempt();
    ASSERT_TRUE(std::holds_alternative<Failed>(attempted));
    EXPECT_THAT(std::get<Failed>(attempted).last, HasSubstr("no such user"));
}

TEST_F(DeliverKindCase, WhoFailedWithoutASenderIsNotForgottenWhileTheRestWaits) {
    peer.at_rcpt["ann@example.com"] = "550 5.1.1 no such user";
    peer.at_rcpt["ben@example.com"] = "450 4.2.0 later";
    delivery.sender.clear();
    const Attempted first = attempt();
    delivery = read_deliver_job(std::get<Postponed>(first).payload).value();
    peer.at_rcpt.clear();
    const Attempted last = attempt();
    ASSERT_TRUE(std::holds_alternative<Failed>(last));
    EXPECT_THAT(std::get<Failed>(last).last, HasSubstr("ann@example.com: 550 5.1.1 no such user"));
    EXPECT_EQ(peer.received("ben@example.com"), 1);
}

TEST_F(DeliverKindCase, AnOfferWithSeveralAddressesIsDoneWhenEachOfThemIs) {
    delivery.recipients[1].offer = "offer ann";
    peer.at_rcpt["ben@example.com"] = "450 4.2.0 later";
    const Attempted first = attempt();
    EXPECT_EQ(outcome_of("ann"), Known::handed);
    delivery = read_deliver_job(std::get<Postponed>(first).payload).value();
    peer.at_rcpt["ben@example.com"] = "550 5.1.1 no such user";
    attempt();
    EXPECT_EQ(outcome_of("ann"), Known::failed);
}

TEST_F(DeliverKindCase, AfterItsTimeWhatIsLeftHasFailed) {
    peer.at_rcpt["ben@example.com"] = "450 4.2.0 later";
    EXPECT_TRUE(std::holds_alternative<Finished>(attempt(true)));
    EXPECT_THAT(notification(), HasSubstr("Status: 5.4.7"));
    EXPECT_THAT(notification(), HasSubstr("450 4.2.0 later"));
}

TEST_F(DeliverKindCase, AnAnswerThatDoesNotComeLeavesAllWaitingAndSaysThatItMayHaveArrived) {
    peer.silent = true;
    const Attempted attempted = attempt();
    ASSERT_TRUE(std::holds_alternative<Postponed>(attempted));
    EXPECT_THAT(read_deliver_job(std::get<Postponed>(attempted).payload).value().recipients, SizeIs(2));
    std::string said;
    change([&](store::Transaction& transaction) -> Result<void> {
        said = transaction.story_of("mail 1").value().at(0).text;
        return {};
    });
    EXPECT_THAT(said, HasSubstr("may have arrived"));
}

}  // namespace
}  // namespace mailrota::runtime::fixture
