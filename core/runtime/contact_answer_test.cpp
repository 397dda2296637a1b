#include "core/runtime/alert_case_fixture.h"

namespace mailrota::runtime::fixture {
namespace {

using policy::Contact;
using providers::PhoneAnswer;
using providers::PhoneOutcome;
using std::chrono::hours;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using State = Contact::State;

class ContactAnswerTest : public AlertCase {
  protected:
    // One that has begun by account "one".
    Contact begun(const std::string& id = "1") {
        auto made = contact_of(open_incident(), id);
        made.state = State::begun;
        made.account = "one";
        made.begun = now;
        made.tries = 1;
        put(made);
        return made;
    }
    template <class F>
    auto with_terms(F work) {
        const auto telephones = Telephones::open(config).value();
        const auto in_effect = policy();
        const ContactTerms terms{*telephones, in_effect, now};
        return in_store([&](store::Transaction& transaction) { return work(transaction, terms); });
    }
    ContactAnswered answer(const Contact& asked, const PhoneAnswer& came) {
        job.contact = asked.id;
        job.incident = asked.incident;
        return with_terms([&](auto& transaction, const auto& terms) {
            return put_answer(transaction, terms, job, asked, came);
        });
    }
    ContactAnswered answer(const Contact& asked, PhoneOutcome outcome, seconds retry_after = seconds(0)) {
        PhoneAnswer came;
        came.outcome = outcome;
        came.words = "as told";
        came.retry_after = retry_after;
        if (outcome == PhoneOutcome::accepted) came.provider_id = "CA1", came.status = "queued";
        return answer(asked, came);
    }
    ContactAnswered found(const Contact& asked, const std::vector<providers::ListedCall>& listed) {
        job.contact = asked.id;
        job.incident = asked.incident;
        return with_terms(
            [&](auto& transaction, const auto& terms) { return put_found(transaction, terms, job, listed); });
    }
    providers::ListedCall listed(const std::string& id, const std::string& from = "+15550000") {
        return {id, "ringing", from, "+15550101", now};
    }
    policy::Breaker::State breaker(const std::string& account) {
        const auto all =
            in_store([&](auto& transaction) { return transaction.breakers({telephone_scope(account)}); });
        return all.empty() ? policy::Breaker::State::closed : all[0].state;
    }

    ContactJob job;
};

TEST_F(ContactAnswerTest, AnAcceptedCallIsPlacedAndWatched) {
    const auto asked = begun();
    const auto answered = answer(asked, PhoneOutcome::accepted);
    EXPECT_FALSE(answered.over);
    EXPECT_EQ(answered.wait, seconds(30)) << "callbacks tell most";
    EXPECT_EQ(contact(asked.id).state, State::placed);
    EXPECT_EQ(contact(asked.id).provider_id, "CA1");
    config.calls.public_url.clear();
    EXPECT_EQ(answer(begun("2"), PhoneOutcome::accepted).wait, config.calls.poll);
}

TEST_F(ContactAnswerTest, ANumberThatCannotBeReachedIsBarredForThisWay) {
    const auto asked = begun();
    EXPECT_TRUE(answer(asked, PhoneOutcome::number).over);
    EXPECT_EQ(contact(asked.id).state, State::barred);
    EXPECT_EQ(barred("+15550101"), "as told");
    EXPECT_FALSE(barred("sms +15550101"));
}

TEST_F(ContactAnswerTest, AnAccountThatRefusesIsToldOfAndTheNextIsAskedAtOnce) {
    for (const auto outcome : {PhoneOutcome::configuration, PhoneOutcome::account, PhoneOutcome::blocked}) {
        job = {};
        const auto asked = begun(std::to_string(static_cast<int>(outcome)));
        const auto answered = answer(asked, outcome);
        EXPECT_EQ(answered.alarm, outcome != PhoneOutcome::blocked);
        EXPECT_EQ(answered.wait, seconds(0));
        EXPECT_EQ(contact(asked.id).state, State::waiting);
        EXPECT_THAT(job.refused, ElementsAre("one"));
    }
    EXPECT_EQ(breaker("one"), policy::Breaker::State::open);
}

TEST_F(ContactAnswerTest, ARefusedCallbackIsTriedWithoutOnceAtTheSameAccount) {
    const auto asked = begun();
    EXPECT_TRUE(answer(asked, PhoneOutcome::callback).alarm);
    EXPECT_TRUE(job.plain);
    EXPECT_THAT(job.refused, IsEmpty());
    EXPECT_EQ(contact(asked.id).state, State::waiting);
    put(asked);
    answer(asked, PhoneOutcome::callback);
    EXPECT_THAT(job.refused, ElementsAre("one"));
}

TEST_F(ContactAnswerTest, WhatFailsForTheMomentGoesToTheNextAccountAndRestsWhenAllDo) {
    auto asked = begun();
    EXPECT_EQ(answer(asked, PhoneOutcome::temporary).wait, seconds(0));
    EXPECT_THAT(job.failing, ElementsAre("one"));
    asked.account = "two";
    asked.tries = 2;
    put(asked);
    EXPECT_EQ(answer(asked, PhoneOutcome::temporary, seconds(3600)).wait, seconds(60)) << "at most";
    EXPECT_THAT(job.failing, IsEmpty());
    EXPECT_EQ(contact(asked.id).status, "out-of-order");
}

TEST_F(ContactAnswerTest, AnAnswerThatDidNotComeLeavesItBegun) {
    const auto asked = begun();
    EXPECT_FALSE(answer(asked, PhoneOutcome::uncertain).over);
    EXPECT_EQ(contact(asked.id).state, State::begun);
}

TEST_F(ContactAnswerTest, CallbacksThatWereFasterThanTheAnswerAreBelieved) {
    const auto asked = begun();
    auto talking = asked;
    talking.state = State::placed;
    talking.provider_id = "CA1";
    talking.status = "in-progress";
    put(talking);
    policy::Breaker probing;
    probing.scope = telephone_scope("one");
    probing.state = policy::Breaker::State::probing;
    probing.until = now + seconds(30);
    run([&](auto& transaction) { return transaction.put_breaker(probing); });
    answer(asked, PhoneOutcome::accepted);
    EXPECT_EQ(contact(asked.id), talking);
    EXPECT_EQ(breaker("one"), policy::Breaker::State::closed) << "the account has answered";
}

TEST_F(ContactAnswerTest, AnAnswerToAnEarlierRequestIsNoneToTheLater) {
    const auto first = begun();
    auto second = first;
    second.tries = 2;
    put(second);
    answer(first, PhoneOutcome::accepted);
    EXPECT_EQ(contact(first.id), second);
}

TEST_F(ContactAnswerTest, ALostRequestIsAdoptedFromTheAccountsList) {
    const auto asked = begun();
    const auto adopted = found(asked, {listed("CA7")});
    EXPECT_FALSE(adopted.over);
    EXPECT_EQ(contact(asked.id).provider_id, "CA7");
    EXPECT_EQ(contact(asked.id).state, State::placed);
}

TEST_F(ContactAnswerTest, NoOtherCallIsTakenForIt) {
    auto other = begun("1");
    other.state = State::placed;
    other.provider_id = "CA7";
    put(other);
    const auto asked = begun("2");
    auto to_another = listed("CA8");
    to_another.to = "+15550102";
    auto older = listed("CA9");
    older.created -= hours(1);
    found(asked, {listed("CA7"), to_another, older, listed("CA6", "+15559999")});
    EXPECT_EQ(contact(asked.id).state, State::begun);
    EXPECT_EQ(job.looks, 1);
}

TEST_F(ContactAnswerTest, WhatTheAccountDoesNotKnowGoesOutAgainAtMostThreeTimes) {
    auto asked = begun();
    for (int i = 0; i < 2; ++i) EXPECT_EQ(found(asked, {}).wait, seconds(5));
    found(asked, {});
    EXPECT_EQ(contact(asked.id).state, State::waiting);
    asked.tries = 3;
    put(asked);
    job.looks = 2;
    EXPECT_TRUE(found(asked, {}).over);
    EXPECT_EQ(contact(asked.id).state, State::unreached);
}

TEST_F(ContactAnswerTest, TheEndOfACallMakesItsEscalationDueAtOnce) {
    const auto asked = begun();
    auto job_of_it = escalation_job(incident(asked.incident), now);
    job_of_it.due = now + hours(1);
    run([&](auto& transaction) { return transaction.put_job(job_of_it, {}).map([](bool) {}); });
    answer(asked, PhoneOutcome::number);
    EXPECT_EQ(jobs().at(0).due, now);
}

}  // namespace
}  // namespace mailrota::runtime::fixture
