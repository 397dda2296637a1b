#include "core/runtime/alert_case_fixture.h"

// For how long contacts wait for accounts that fail, and whom they hold up meanwhile.
namespace mailrota::runtime::fixture {
namespace {

using policy::Contact;
using std::chrono::hours;
using std::chrono::seconds;
using Do = ContactStep::Do;
using State = Contact::State;

class ContactPatienceTest : public AlertCase {
  protected:
    template <class F>
    auto with_terms(F work) {
        const auto telephones = Telephones::open(config).value();
        const auto in_effect = policy();
        const ContactTerms terms{*telephones, in_effect, now};
        return in_store([&](store::Transaction& transaction) { return work(transaction, terms); });
    }
    ContactStep attempt(const Contact& of, ContactJob& job) {
        job.contact = of.id;
        job.incident = of.incident;
        return with_terms(
            [&](auto& transaction, const auto& terms) { return contact_step(transaction, terms, job); });
    }
    ContactStep next(const Contact& of, ContactJob job = {}) { return attempt(of, job); }
    // The account fails, for the moment or as it says.
    ContactAnswered fail(const Contact& asked, ContactJob& job,
                         providers::PhoneOutcome how = providers::PhoneOutcome::temporary) {
        job.contact = asked.id;
        job.incident = asked.incident;
        providers::PhoneAnswer answer;
        answer.outcome = how;
        answer.words = "busy";
        return with_terms([&](auto& transaction, const auto& terms) {
            return put_answer(transaction, terms, job, asked, answer);
        });
    }
    Contact of_severity(policy::Severity severity, const std::string& id) {
        auto changed = incident(open_incident());
        changed.severity = severity;
        put(changed);
        return contact_of(changed.number, id);
    }
    void open_breaker(const std::string& account) {
        policy::Breaker breaker;
        breaker.scope = telephone_scope(account);
        breaker.state = policy::Breaker::State::open;
        breaker.until = now + seconds(20);
        run([&](auto& transaction) { return transaction.put_breaker(breaker); });
    }
    void fill(const std::string& account) {
        for (const char* id : {"a", "b"}) {
            auto ringing = contact_of(open_incident(), id);
            ringing.state = State::placed;
            ringing.account = account;
            ringing.begun = now;
            put(ringing);
        }
    }
};

TEST_F(ContactPatienceTest, AccountsThatAreAllOutOfOrderAreWaitedForAWhile) {
    const auto made = contact_of(open_incident(), "1");
    now += hours(1);  // for a line
    ContactJob job;
    const auto fails = now;
    for (; now < fails + seconds(180); now += seconds(5)) {
        open_breaker("one");
        open_breaker("two");
        const auto waits = attempt(made, job);
        ASSERT_EQ(waits.what, Do::wait) << (now - fails).count();
        EXPECT_EQ(waits.wait, seconds(5));
    }
    open_breaker("one");
    open_breaker("two");
    EXPECT_EQ(attempt(made, job).what, Do::finish);
    EXPECT_EQ(contact(made.id).state, State::unreached);
    EXPECT_EQ(contact(made.id).status, "");
}

TEST_F(ContactPatienceTest, WhatNoAccountCanCarryHoldsUpNothingLess) {
    const auto info = of_severity(policy::Severity::info, "1");
    const auto critical = of_severity(policy::Severity::critical, "2");
    open_breaker("two");
    ContactJob refused_by_one;
    refused_by_one.refused = {"one"};
    EXPECT_EQ(next(info).what, Do::wait) << "until it is known";
    EXPECT_EQ(next(critical, refused_by_one).what, Do::wait);
    EXPECT_EQ(contact(critical.id).status, "out-of-order");
    EXPECT_EQ(next(info).contact.account, "one");
    now += seconds(20);
    EXPECT_EQ(next(critical, refused_by_one).contact.account, "two");
    EXPECT_EQ(contact(critical.id).status, "");
}

TEST_F(ContactPatienceTest, WhatHasAnAccountAgainWaitsForItsLineBeforeAnythingLess) {
    config.calls.accounts = {"one"};
    const auto critical = of_severity(policy::Severity::critical, "1");
    open_breaker("one");
    EXPECT_EQ(next(critical).what, Do::wait);
    EXPECT_EQ(contact(critical.id).status, "out-of-order");
    now += seconds(20);
    fill("one");
    EXPECT_EQ(next(critical).words, "all lines of one are busy");
    EXPECT_EQ(contact(critical.id).status, "");
}

TEST_F(ContactPatienceTest, AccountsThatFailAreWaitedForAWhileAndNotTheLineBefore) {
    auto asked = contact_of(open_incident(), "1");
    asked.state = State::begun;
    ContactJob job;
    now += hours(1);  // for a line
    seconds waited{0};
    for (int i = 0; i < 20 && !contact(asked.id).over(); ++i) {
        asked.account = i % 2 == 0 ? "one" : "two";
        asked.tries = i + 1;
        put(asked);
        waited += fail(asked, job).wait;
    }
    EXPECT_EQ(contact(asked.id).state, State::unreached);
    EXPECT_EQ(asked.account, "two") << "each was asked";
    EXPECT_GE(waited, seconds(180));
    EXPECT_LE(waited, seconds(240));
}

TEST_F(ContactPatienceTest, AnAccountThatFailsForTheMomentIsAskedAgainWhenTheOtherRefuses) {
    for (const auto how : {providers::PhoneOutcome::configuration, providers::PhoneOutcome::blocked}) {
        const auto made = contact_of(open_incident(), std::to_string(static_cast<int>(how)));
        ContactJob job;
        auto asked = attempt(made, job).contact;
        ASSERT_EQ(asked.account, "one");
        fail(asked, job);
        asked = attempt(made, job).contact;
        ASSERT_EQ(asked.account, "two");
        EXPECT_GT(fail(asked, job, how).wait, seconds(0));
        now += seconds(60);
        EXPECT_EQ(attempt(made, job).contact.account, "one");
        EXPECT_EQ(job.refused, std::vector<std::string>{"two"});
    }
}

TEST_F(ContactPatienceTest, AnAccountThatRefusedIsNotAskedAgainWhenTheOtherFails) {
    const auto made = contact_of(open_incident(), "1");
    ContactJob job;
    auto asked = attempt(made, job).contact;
    fail(asked, job, providers::PhoneOutcome::blocked);
    asked = attempt(made, job).contact;
    ASSERT_EQ(asked.account, "two");
    EXPECT_GT(fail(asked, job).wait, seconds(0));
    now += seconds(60);
    EXPECT_EQ(attempt(made, job).contact.account, "two");
}

TEST_F(ContactPatienceTest, AnAccountThatFailedIsAskedAgainWhileTheOtherIsOutOfOrder) {
    const auto made = contact_of(open_incident(), "1");
    open_breaker("two");
    ContactJob job;
    fail(attempt(made, job).contact, job);
    EXPECT_EQ(attempt(made, job).what, Do::wait);
    now += seconds(5);
    EXPECT_EQ(attempt(made, job).contact.account, "one");
}

}  // namespace
}  // namespace mailrota::runtime::fixture
